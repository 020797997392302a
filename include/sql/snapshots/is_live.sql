-- Grain: one row: whether a day of a run is live: no backfill's, and no later day is published, by
-- any card: with that one, facts of after the day came in. Reads only.
select
    not exists (
        select 1
        from health.run
        where run_no = :run_no and kind = 'backfill'
    )
    and not exists (
        select 1
        from health.publication
        where as_of > :as_of
    ) as is_live
