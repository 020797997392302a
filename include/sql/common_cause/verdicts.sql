-- Grain: one row per measure and day of a range on which its move was no usual one, in order of
-- days. Reads only.
select
    as_of,
    measure,
    verdict,
    accounts,
    up,
    down,
    released_as
from health.measure_move
where
    scorecard_id = :scorecard_id
    and as_of between :first_day and :last_day
    and verdict != 'usual'
order by as_of, measure
