-- Grain: one row, in Airflow's own database: the revision of its schema, and how many of the pools
-- named are there. Reads only.
select
    version_num as revision,
    (
        select count(*)
        from slot_pool
        where slot_pool.pool = any(:pools)
    ) as pools
from alembic_version
