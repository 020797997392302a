-- Grain: one row: the newest published day of scorecards, in whichever version. Reads only.
select max(publication.as_of)
from health.publication
inner join health.scorecard on publication.scorecard_id = scorecard.scorecard_id
where
    scorecard.name in (
        select own.name
        from health.scorecard as own
        where own.scorecard_id = any(cast(:scorecard_ids as smallint[]))
    )
