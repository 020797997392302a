-- Grain: one row per override of the accounts that holds on some day of first_day..last_day for
-- one scorecard; both ends included, cut to the range, in the order of entering. Reads only.
-- Where `is_live`, an override counts from the day on which it was entered, not before.
select
    override_id,
    account_id,
    to_score,
    factor,
    may_raise,
    greatest(since, cast(:first_day as date)) as first_day,
    least(last_day, cast(:last_day as date)) as last_day
from (
    select
        *,
        case
            when cast(:is_live as boolean) then greatest(valid_from, entered_on) else valid_from
        end as since
    from health.override_held
    where
        account_id between :first_account and :last_account
        and (scorecard is null or scorecard = :scorecard)
) as held
where
    since <= last_day
    and since <= cast(:last_day as date)
    and last_day >= cast(:first_day as date)
order by override_id
