-- Grain: one row a scorecard, of those with these ids. Reads only.
select
    scorecard_id,
    name,
    version,
    digest,
    body
from health.scorecard
where scorecard_id = any(cast(:scorecard_ids as smallint[]))
order by scorecard_id
