-- Grain: one row per waiting user. Reads only.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'Id' = record_id, false) as has_own_key,
    raw.reads_as_boolean(payload ->> 'IsActive') as active_is_boolean
from raw.waiting
where stream_id = any(:streams)
