-- Grain: one row per file of series that was ever computed in full. Reads only.
select
    file,
    fingerprint
from health.series_file
