-- Grain: one row per table of facts: whether the database enforces its key, which is stronger than
-- any count of duplicates. Reads the catalogue only. core.change is a queue, no table of facts.
select
    class.relname as record_id,
    primary_key.oid is not null as has_key
from pg_catalog.pg_class as class
left join pg_catalog.pg_constraint as primary_key
    on class.oid = primary_key.conrelid and primary_key.contype = 'p'
where
    class.relnamespace = 'core'::regnamespace
    and class.relkind in ('r', 'p')
    and class.relname != 'change'
