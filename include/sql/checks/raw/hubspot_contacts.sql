-- Grain: one row per waiting contact. Reads only.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'id' = record_id, false) as has_own_key,
    coalesce(jsonb_typeof(payload -> 'properties') = 'object', false) as has_properties,
    raw.reads_as_boolean(payload ->> 'archived') as archived_is_boolean,
    raw.reads_as_time(payload ->> 'createdAt') as created_is_time,
    raw.days_after(core.to_time(payload ->> 'createdAt'), :latest) as created_days_ahead
from raw.waiting
where stream_id = any(:streams)
