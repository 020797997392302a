-- Grain: one row per stream with records that wait: vendor, stream, its id. Reads only.
select distinct
    stream.vendor,
    stream.stream,
    stream.stream_id
from raw.batch
inner join raw.stream on batch.stream_id = stream.stream_id
where batch.landed_at is not null and batch.conformed_at is null and stream.source = any(:sources)
order by stream.vendor, stream.stream, stream.stream_id
