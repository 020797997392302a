-- Grain: one row, or none: the override of an account that counts on a day for one scorecard, with
-- what people said for it; where `is_live`, as it was known on that day. Reads only.
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
    last_day
from health.override_held
where
    account_id = :account_id
    and (scorecard is null or scorecard = :scorecard)
    and cast(:as_of as date) between valid_from and last_day
    and (not cast(:is_live as boolean) or entered_on <= cast(:as_of as date))
order by override_id desc
limit 1
