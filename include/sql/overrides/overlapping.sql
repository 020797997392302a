-- Grain: one row per override of an account that holds on some day of first_day..last_day for the
-- scorecard, or for any where that is NULL. Reads only.
select
    override_id,
    author,
    reason,
    valid_from,
    last_day
from health.override_held
where
    account_id = :account_id
    and (
        scorecard is null
        or cast(:scorecard as text) is null
        or scorecard = cast(:scorecard as text)
    )
    and valid_from <= last_day
    and valid_from <= cast(:last_day as date)
    and last_day >= cast(:first_day as date)
order by override_id
