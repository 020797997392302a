-- Grain: one row per waiting ticket. Reads only.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'id' = record_id, false) as has_own_key,
    payload ->> 'status' as status,
    payload ->> 'priority' as priority,
    core.to_time(payload ->> 'created_at') as created_at,
    raw.days_after(core.to_time(payload ->> 'created_at'), :latest) as created_days_ahead,
    raw.reads_as_time(payload -> 'metric_set' ->> 'solved_at') as solved_is_time,
    raw.days_after(
        core.to_time(payload -> 'metric_set' ->> 'solved_at'), :latest
    ) as solved_days_ahead,
    raw.reads_as_number(
        payload -> 'metric_set' -> 'reply_time_in_minutes' ->> 'calendar'
    ) as reply_is_number,
    raw.bounded(
        core.to_number(payload -> 'metric_set' -> 'reply_time_in_minutes' ->> 'calendar')
    ) as first_reply_minutes
from raw.waiting
where stream_id = any(:streams)
