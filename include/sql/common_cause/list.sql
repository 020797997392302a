-- Grain: one row per measure and day that was no usual one, newest first. Reads only.
select
    measure_move.as_of,
    measure_move.measure,
    measure_move.run_no,
    measure_move.accounts,
    measure_move.usual_share,
    measure_move.shift,
    measure_move.usual_shift,
    measure_move.verdict,
    measure_move.released_as,
    measure_move.released_by,
    measure_move.released_at,
    scorecard.name || '.v' || scorecard.version as scorecard,
    case when measure_move.up >= measure_move.down then 'up' else 'down' end as direction,
    greatest(measure_move.up, measure_move.down) as share
from health.measure_move
inner join health.scorecard on measure_move.scorecard_id = scorecard.scorecard_id
where measure_move.verdict not in ('usual', 'not_compared')
order by measure_move.as_of desc, scorecard asc, measure_move.measure asc
limit :limit
