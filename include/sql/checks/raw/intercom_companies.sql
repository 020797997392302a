-- Grain: one row per waiting company. Reads only.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'id' = record_id, false) as has_own_key,
    nullif(trim(payload ->> 'company_id'), '') as company_id,
    raw.reads_as_epoch(payload ->> 'created_at') as created_is_time,
    raw.days_after(core.from_epoch(payload ->> 'created_at'), :latest) as created_days_ahead
from raw.waiting
where stream_id = any(:streams)
