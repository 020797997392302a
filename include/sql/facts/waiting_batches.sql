-- Grain: one row per landed batch that is not conformed yet. Reads only.
select batch_id
from raw.batch
where landed_at is not null and conformed_at is null
order by batch_id
