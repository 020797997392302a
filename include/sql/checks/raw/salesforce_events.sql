-- Grain: one row per waiting event. Reads only. An event may lie in the future.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'Id' = record_id, false) as has_own_key,
    raw.reads_as_boolean(payload ->> 'IsDeleted') as deleted_is_boolean,
    raw.reads_as_boolean(payload ->> 'IsAllDayEvent') as all_day_is_boolean,
    raw.reads_as_boolean(payload ->> 'IsRecurrence') as recurrence_is_boolean,
    core.to_time(payload ->> 'StartDateTime') as occurred_at
from raw.waiting
where stream_id = any(:streams)
