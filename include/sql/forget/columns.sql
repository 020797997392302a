-- Grain: one row a column of texts: text, text[] or jsonb, of every table of the store but those
-- that are treated by themselves, or that are versions of what people released. Reads only.
select
    pg_namespace.nspname as schema_name,
    pg_class.relname as table_name,
    pg_attribute.attname as column_name,
    format_type(pg_attribute.atttypid, null) as kind
from pg_attribute
inner join pg_class on pg_attribute.attrelid = pg_class.oid
inner join pg_namespace on pg_class.relnamespace = pg_namespace.oid
where
    pg_namespace.nspname in ('raw', 'core', 'health')
    and pg_class.relkind in ('r', 'p')
    and not pg_class.relispartition
    and pg_attribute.attnum > 0
    and not pg_attribute.attisdropped
    and pg_attribute.attgenerated = ''
    and format_type(pg_attribute.atttypid, null) in ('text', 'text[]', 'jsonb')
    and pg_namespace.nspname || '.' || pg_class.relname != all(:left_alone)
    and (
        pg_namespace.nspname || '.' || pg_class.relname || '.' || pg_attribute.attname
        not in ('raw.quarantine.payload', 'raw.quarantine.stage')
    )
order by 1, 2, 3
