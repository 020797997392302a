-- Grain: one row: the newest day that a daily run was about, NULL before the first. Reads only.
select max(as_of) as as_of
from health.run
where kind = 'daily'
