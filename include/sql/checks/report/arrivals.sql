-- Grain: one row per stream that landed in a run, with what it received in the last runs, oldest
-- first and this one last. Reads only.
select
    this.received,
    this.changed,
    this.rejected,
    this.source || '.' || this.stream as stream,
    (
        select count(distinct quarantine.record_id)
        from raw.quarantine
        inner join raw.batch on quarantine.batch_id = batch.batch_id
        where
            quarantine.stream_id = this.stream_id
            and batch.run_id = :run_id
            and quarantine.stage = 'raw'
    ) as set_aside,
    (
        select array_agg(recent.received order by recent.last_batch)
        from (
            select
                volume.received,
                volume.last_batch
            from raw.volume
            where volume.stream_id = this.stream_id and volume.last_batch <= this.last_batch
            order by volume.last_batch desc
            limit :runs
        ) as recent
    ) as past
from raw.volume as this
where this.run_id = :run_id
order by this.source, this.stream
