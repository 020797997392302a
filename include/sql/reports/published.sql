-- Grain: one row, or none: the newest published day of a card up to a day. Reads only.
select
    publication.as_of,
    publication.run_no,
    scorecard.scorecard_id
from health.publication
inner join health.scorecard on publication.scorecard_id = scorecard.scorecard_id
where
    scorecard.name = :name
    and scorecard.version = :version
    and publication.as_of <= :as_of
order by publication.as_of desc
limit 1
