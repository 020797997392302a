-- Grain: one row: a scorecard as it is stored. Reads only.
select
    scorecard_id,
    name,
    version,
    digest,
    body
from health.scorecard
where scorecard_id = :scorecard_id
