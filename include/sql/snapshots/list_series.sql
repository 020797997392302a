-- Grain: one row per series: its kind, the role of its source, the series that blocks it. Reads
-- only.
select
    name,
    kind,
    role,
    blocked_by
from health.series
