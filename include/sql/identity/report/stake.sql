-- Grain: one row per object worth linking, into a temporary table for one report. Reads only.
create temporary table stake on commit drop as
select *
from core.at_stake((select day from core.linking))
