-- Grain: one row per series: its name and the role of its source. Reads only.
select
    name,
    role
from health.series
