-- Grain: one row per series of a file. Reads only.
select
    name,
    series_id
from health.series
where file = :file
