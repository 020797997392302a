-- Grain: one row per role that was held on the run's day. Re-running releases nothing more. A day
-- before one that is published keeps what its live readings stand on, and a backfill has none.
delete from health.held_role
where
    as_of = :as_of
    and not exists (
        select 1
        from health.publication
        where publication.as_of > :as_of
    )
    and not exists (
        select 1
        from health.run
        where run.run_no = :run_no and run.kind = 'backfill'
    )
