-- Grain: one row per table of facts that holds rows and was never analyzed: as after a first run.
select oid::regclass::text
from pg_class
where
    relnamespace = 'core'::regnamespace
    and relkind = 'r'
    and reltuples < 0
    and pg_relation_size(oid) > 0
