-- Grain: one row a measure of an outcome on the newest published day. Reads only.
select
    outcome,
    as_of,
    scorecard,
    category,
    measure,
    label,
    share,
    accounts,
    known,
    known_share,
    carried,
    mean_points
from health_bi.coverage
where outcome = :outcome
order by scorecard, measure_id
