-- Grain: one row: the newest day for which anything landed, NULL before the first one. Reads only.
select max(as_of) as day
from raw.batch
where landed_at is not null
