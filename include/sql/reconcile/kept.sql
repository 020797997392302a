-- Grain: one row: whether a landing of the stream ended early and waits to be gone on with.
-- Reads only.
select exists(
    select 1
    from raw.batch
    inner join raw.stream on batch.stream_id = stream.stream_id
    where
        stream.source = :source
        and stream.stream = :stream
        and batch.landed_at is null
        and batch.resume is not null
)
