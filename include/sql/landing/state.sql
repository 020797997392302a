-- Grain: one row, or none before the first landing: where the stream's next one starts. That is
-- where the newest one that was kept has ended, unless that is a week ago: nobody promises that a
-- list can be gone on with for longer. Again: the same.
select case when batch.landed_at is null then batch.resume else batch.state end as state
from raw.batch
inner join raw.stream on batch.stream_id = stream.stream_id
where
    stream.source = :source
    and stream.stream = :stream
    and (
        batch.landed_at is not null
        or (batch.resume is not null and batch.started_at > now() - interval '7 days')
    )
order by batch.landed_at is null desc, batch.batch_id desc
limit 1
