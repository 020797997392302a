-- Grain: one row per landed batch of these streams that is no fact yet. Reads only.
select batch_id
from raw.batch
where landed_at is not null and conformed_at is null and stream_id = any(:streams)
