-- Grain: one row per file that has something to compute. Reads only.
select distinct file
from taken
