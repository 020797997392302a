-- Grain: one row per stream: where every record that ever landed is now. Reads only.
-- current: newest versions, one a record; in_quarantine: of those, set aside; landing: without id.
with newest as (
    select distinct on (stream_id, record_id)
        stream_id,
        record_id,
        batch_id
    from raw.record
    order by stream_id asc, record_id asc, batch_id desc
)

select
    stream.source,
    stream.stream,
    coalesce(batches.received, 0) as received,
    coalesce(batches.duplicates, 0) as duplicates,
    coalesce(batches.unchanged, 0) as unchanged,
    coalesce(batches.changed, 0) as landed,
    coalesce(batches.rejected, 0) as rejected,
    coalesce(held.records, 0) as quarantined
from raw.stream
left join (
    select
        batch.stream_id,
        sum(batch.received) as received,
        sum(batch.duplicates) as duplicates,
        sum(batch.unchanged) as unchanged,
        sum(batch.changed) as changed,
        sum(batch.rejected) as rejected
    from raw.batch
    where batch.landed_at is not null and batch.run_id = :run_id
    group by batch.stream_id
) as batches on stream.stream_id = batches.stream_id
left join (
    select
        newest.stream_id,
        count(*) as records
    from newest
    where
        exists (
            select 1 from raw.quarantine
            where
                quarantine.stream_id = newest.stream_id
                and quarantine.record_id = newest.record_id
                and quarantine.batch_id = newest.batch_id
        )
    group by newest.stream_id
) as held on stream.stream_id = held.stream_id
order by stream.source, stream.stream
