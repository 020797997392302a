-- Grain: one row per waiting ticket. Reads only.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'ticket_id' = record_id, false) as has_own_key,
    nullif(trim(payload ->> 'account_key'), '') as account_key,
    lower(payload ->> 'status') as status,
    lower(payload ->> 'priority') as priority,
    core.to_time(payload ->> 'created_at') as created_at,
    raw.days_after(core.to_time(payload ->> 'created_at'), :latest) as created_days_ahead,
    raw.reads_as_time(payload ->> 'solved_at') as solved_is_time,
    raw.days_after(core.to_time(payload ->> 'solved_at'), :latest) as solved_days_ahead,
    raw.reads_as_number(payload ->> 'first_reply_minutes') as reply_is_number,
    raw.bounded(core.to_number(payload ->> 'first_reply_minutes')) as first_reply_minutes
from raw.waiting
where stream_id = any(:streams)
