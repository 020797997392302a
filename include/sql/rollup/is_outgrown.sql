-- Grain: one row: whether what was written is so much of health.account_day that the planner has to
-- look at it again before the series are read, and not when autovacuum comes. Reads only.
select :written > greatest(reltuples, 0) / 10 as is_outgrown
from pg_class
where oid = 'health.account_day'::regclass
