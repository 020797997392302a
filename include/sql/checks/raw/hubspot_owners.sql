-- Grain: one row per waiting owner. Reads only.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'id' = record_id, false) as has_own_key,
    raw.reads_as_boolean(payload ->> 'archived') as archived_is_boolean
from raw.waiting
where stream_id = any(:streams)
