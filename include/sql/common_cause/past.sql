-- Grain: one row per measure and day of a range: how it moved. Reads only.
-- What was no ordinary day is left out: it would make the next such day look usual.
select
    as_of,
    measure,
    accounts,
    up,
    down,
    shift
from health.measure_move
where
    scorecard_id = :scorecard_id
    and as_of between :first_day and :last_day
    and verdict = 'usual'
