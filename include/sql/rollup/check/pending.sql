-- Grain: one row: how many changes of facts, and touched ranges, wait for a roll-up. Reads only.
select (select count(*) from core.change) + (select count(*) from health.touched) as pending
