-- Grain: one row for each copy but the newest of the given records in this landing.
-- Again: none are left. By ctid, so that no plan can read the whole table.
delete from raw.record
where ctid = any(array(
    select extra.place
    from json_array_elements_text(cast(:record_ids as json)) as suspect (name)
    cross join lateral (
        select record.ctid as place
        from raw.record
        where
            record.stream_id = :stream_id
            and record.record_id = suspect.name
            and record.batch_id = :batch_id
        order by record.observed_at desc, record.ctid desc
        offset 1
    ) as extra
))
