-- Grain: one row a landing: from now on its records count. Again: refused, it is closed.
update raw.batch
set
    landed_at = clock_timestamp(),
    received = :received,
    duplicates = :duplicates,
    unchanged = :unchanged,
    changed = :changed,
    rejected = :rejected,
    state = coalesce(cast(:state as jsonb), (
        select earlier.state
        from raw.batch as earlier
        where earlier.stream_id = batch.stream_id and earlier.landed_at is not null
        order by earlier.batch_id desc
        limit 1
    ))
where batch_id = :batch_id and landed_at is null
