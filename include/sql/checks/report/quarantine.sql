-- Grain: one row per stream, stage and reason of what was set aside in a run's batches, with up to
-- ten ids. Reads only.
select
    quarantine.stage,
    quarantine.reason,
    stream.source || '.' || stream.stream as stream,
    count(*) as records,
    (
        array_agg(quarantine.record_id order by quarantine.record_id)
        filter (where quarantine.record_id is not null)
    )[1:10] as examples
from raw.quarantine
inner join raw.batch on quarantine.batch_id = batch.batch_id
inner join raw.stream on quarantine.stream_id = stream.stream_id
where batch.run_id = :run_id
group by quarantine.stage, quarantine.reason, stream.source, stream.stream
order by stream asc, records desc, quarantine.reason asc
