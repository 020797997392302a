-- Grain: one row: whether the stream has records already. Again: the same.
select exists(
    select 1
    from raw.record
    where stream_id = :stream_id
)
