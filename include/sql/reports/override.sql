-- Grain: one row, or none: an override and what people said for it. last_day: the last one on which
-- it holds, as it stands now. Reads only.
select
    override_id,
    to_score,
    factor,
    may_raise,
    reason,
    evidence,
    author,
    second_person,
    entered_at,
    valid_from,
    valid_to,
    last_day,
    ended_at,
    ended_by
from health.override_held
where override_id = :override_id
