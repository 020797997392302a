-- Grain: one row a record of this landing that means the same as the version before it.
-- Again: none are left.
delete from raw.record
using raw.record as earlier
where
    record.batch_id = :batch_id
    and earlier.stream_id = record.stream_id
    and earlier.record_id = record.record_id
    and earlier.batch_id = (
        select max(older.batch_id)
        from raw.record as older
        where
            older.stream_id = record.stream_id
            and older.record_id = record.record_id
            and older.batch_id < :batch_id
    )
    and raw.without(earlier.payload, :volatile) = raw.without(record.payload, :volatile)
