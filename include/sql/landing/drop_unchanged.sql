-- Grain: one row a record of this landing that means the same as the version before it.
-- Again: none are left. By ctid, so that no plan can read the whole table.
delete from raw.record
where ctid = any(array(
    select fresh.ctid
    from raw.record as fresh
    cross join
        lateral (
            select older.payload
            from raw.record as older
            where
                older.stream_id = fresh.stream_id
                and older.record_id = fresh.record_id
                and older.batch_id < fresh.batch_id
            order by older.batch_id desc
            limit 1
        ) as earlier
    where
        fresh.batch_id = :batch_id
        and raw.without(earlier.payload, :volatile) = raw.without(fresh.payload, :volatile)
))
