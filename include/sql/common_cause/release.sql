-- Grain: one row per day on which a measure of a card is held. Again: who was first stays.
update health.measure_move
set released_as = :released_as, released_by = :released_by, released_at = now()
where
    scorecard_id = :scorecard_id
    and as_of <= :last_day
    and measure = :measure
    and verdict = 'held'
    and released_as is null
returning as_of
