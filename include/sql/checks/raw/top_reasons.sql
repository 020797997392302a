-- Grain: one row per stream and reason of the run, most records first. Reads only.
select
    quarantine.reason,
    stream.source || '.' || stream.stream as stream,
    count(*) as records
from raw.quarantine
inner join raw.batch on quarantine.batch_id = batch.batch_id
inner join raw.stream on quarantine.stream_id = stream.stream_id
where batch.run_id = :run_id or (batch.landed_at is not null and batch.conformed_at is null)
group by stream.source, stream.stream, quarantine.reason
order by records desc, stream asc, quarantine.reason asc
limit :most
