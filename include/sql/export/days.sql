-- Grain: one row a published day of an outcome, newest first. Reads only.
select
    as_of,
    published_at,
    scorecard_ids
from health.seen_day
where outcome = :outcome
order by as_of desc
