-- Grain: one row per measure that is held on a day and that nobody released. Reads only.
select measure
from health.measure_move
where
    scorecard_id = :scorecard_id
    and as_of = :as_of
    and verdict = 'held'
    and released_as is null
order by measure
