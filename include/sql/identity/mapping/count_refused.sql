-- Grain: one row: how many lines of the mapping file cannot be used. Reads only.
select count(*)
from core.link_mapping
where state not in ('in force', 'not yet', 'over')
