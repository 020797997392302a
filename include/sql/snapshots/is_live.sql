-- Grain: one row: whether a day of a run is live: no backfill's, and no later day of the card is
-- published. Reads only.
select
    not exists (
        select 1
        from health.run
        where run_no = :run_no and kind = 'backfill'
    )
    and not exists (
        select 1
        from health.publication
        inner join health.scorecard on publication.scorecard_id = scorecard.scorecard_id
        where
            scorecard.name = :name
            and scorecard.version = :version
            and publication.as_of > :as_of
    ) as is_live
