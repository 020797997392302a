-- Grain: one row per series: the role of its source, and the series that blocks it. Reads only.
select
    name,
    role,
    blocked_by
from health.series
