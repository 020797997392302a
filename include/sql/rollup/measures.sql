-- Grain: one row per measure that people entered, but for the pulse, which has a series of its own.
-- Reads only.
select distinct measure
from core.manual_input
where is_entered and measure != 'pulse'
order by measure
