-- Grain: one row per waiting deletion. Reads only.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'id' = record_id, false) as has_own_key
from raw.waiting
where stream_id = any(:streams)
