-- Grain: one row: whether a card was live up to a day, or this part of its history was scored to
-- its end. Reads only.
select
    exists (
        select 1
        from health.publication
        inner join health.scorecard on publication.scorecard_id = scorecard.scorecard_id
        where
            scorecard.name = :name
            and scorecard.version = :version
            and publication.as_of <= :as_of
    )
    or exists (
        select 1
        from health.run_stage
        where stage = 'score' and part = :part
    ) as found
