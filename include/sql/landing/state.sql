-- Grain: one row, or none before the first landing: where the stream's next one starts.
-- Again: the same.
select batch.state
from raw.batch
inner join raw.stream on batch.stream_id = stream.stream_id
where stream.source = :source and stream.stream = :stream and batch.landed_at is not null
order by batch.batch_id desc
limit 1
