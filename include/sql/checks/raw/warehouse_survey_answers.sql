-- Grain: one row per waiting answer to a survey. Reads only.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'response_id' = record_id, false) as has_own_key,
    nullif(trim(payload ->> 'account_key'), '') as account_key,
    lower(payload ->> 'kind') as kind,
    raw.bounded(core.to_number(payload ->> 'score')) as score,
    raw.reads_as_number(payload ->> 'scale_low') as low_is_number,
    raw.reads_as_number(payload ->> 'scale_high') as high_is_number,
    core.to_time(payload ->> 'occurred_at') as occurred_at,
    raw.days_after(core.to_time(payload ->> 'occurred_at'), :latest) as days_ahead
from raw.waiting
where stream_id = any(:streams)
