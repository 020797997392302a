-- Grain: one row per day and measure of a card that is held on it and that nobody released, both
-- ends of the range included. Reads only.
select
    as_of,
    measure
from health.measure_move
where
    scorecard_id = :scorecard_id
    and as_of between :first_day and :last_day
    and verdict = 'held'
    and released_as is null
order by as_of, measure
