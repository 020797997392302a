-- Grain: one row a landing of the stream that was cut off and not kept, or kept so long
-- ago that nobody went on with it (landing/state). Again: none are left.
-- Waits for a COPY that is still on its way: it holds the row (landing/hold).
delete from raw.batch
where
    stream_id = :stream_id
    and landed_at is null
    and (resume is null or started_at < now() - interval '8 days')
returning batch_id
