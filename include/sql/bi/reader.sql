-- Grain: one row, or none: a role that is to read what BI tools read, and what else it may read in
-- this store. beside: schemas of which it may use anything. Reads only.
select
    role.rolname as name,
    role.rolsuper as is_superuser,
    array(
        select own.nspname
        from pg_namespace as own
        where
            own.nspname in ('raw', 'core', 'health')
            and has_schema_privilege(role.oid, own.oid, 'usage, create')
        order by own.nspname
    )::text[] as beside
from pg_roles as role
where role.rolname = :role
