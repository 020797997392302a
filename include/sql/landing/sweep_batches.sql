-- Grain: one row a landing of the stream that was cut off. Again: none are left.
-- Waits for a COPY that is still on its way: it holds the row (landing/hold).
delete from raw.batch
where stream_id = :stream_id and landed_at is null
returning batch_id
