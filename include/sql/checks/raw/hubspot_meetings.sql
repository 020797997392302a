-- Grain: one row per waiting meeting. Reads only. A meeting may lie in the future.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'id' = record_id, false) as has_own_key,
    coalesce(jsonb_typeof(payload -> 'properties') = 'object', false) as has_properties,
    raw.reads_as_boolean(payload ->> 'archived') as archived_is_boolean,
    core.to_time(
        coalesce(
            nullif(payload -> 'properties' ->> 'hs_meeting_start_time', ''),
            payload -> 'properties' ->> 'hs_timestamp'
        )
    ) as occurred_at
from raw.waiting
where stream_id = any(:streams)
