-- Grain: one row per waiting task. Reads only.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'Id' = record_id, false) as has_own_key,
    raw.reads_as_boolean(payload ->> 'IsDeleted') as deleted_is_boolean,
    raw.reads_as_boolean(payload ->> 'IsClosed') as closed_is_boolean,
    raw.reads_as_time(payload ->> 'CompletedDateTime') as completed_is_time,
    raw.reads_as_day(payload ->> 'ActivityDate') as activity_is_day
from raw.waiting
where stream_id = any(:streams)
