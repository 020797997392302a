-- Grain: one row per account of `accounts` and run of days (both ends included, within
-- first_day..last_day) of one ARR: in major units of the reporting currency, as it stood at the end
-- of each day, at that day's rate; NULL unknown. Days before anything was entered have no row.
-- Reads only.
with stood as (
    select
        amount.account_id,
        cast(amount.value as numeric) as amount,
        unit.value as currency,
        greatest(
            core.day_of(amount.valid_from),
            core.day_of(unit.valid_from),
            cast(:first_day as date)
        ) as first_day,
        least(
            core.day_of(amount.valid_to) - 1,
            core.day_of(unit.valid_to) - 1,
            cast(:last_day as date)
        ) as last_day
    from core.account_attribute as amount
    left join core.account_attribute as unit
        on
            amount.account_id = unit.account_id
            and unit.attribute = 'currency'
            and tstzrange(amount.valid_from, amount.valid_to)
            && tstzrange(unit.valid_from, unit.valid_to)
    where
        amount.attribute = 'arr'
        and amount.account_id = any(cast(:accounts as integer[]))
),

valued as (
    select
        stood.account_id,
        stood.first_day,
        stood.last_day,
        stood.amount as arr
    from stood
    inner join core.money on stood.currency = money.currency
    where stood.first_day <= stood.last_day
    union all
    select
        stood.account_id,
        cast(listed.on_day as date),
        cast(listed.on_day as date),
        round(stood.amount * rate_in_force.rate, money.digits)
    from stood
    cross join
        lateral generate_series(
            stood.first_day, stood.last_day, interval '1 day'
        ) as listed (on_day)
    left join core.money on true
    left join core.rate_in_force
        on
            stood.currency = rate_in_force.currency
            and rate_in_force.day = cast(listed.on_day as date)
    where stood.currency is distinct from money.currency
),

followed as (
    select
        *,
        lag(arr) over (partition by account_id order by first_day) as arr_before,
        lag(last_day) over (partition by account_id order by first_day) as day_before
    from valued
),

numbered as (
    select
        *,
        count(*) filter (
            where
            day_before is null or arr_before is distinct from arr or day_before != first_day - 1
        ) over (partition by account_id order by first_day) as run
    from followed
)

select
    account_id,
    min(first_day) as first_day,
    max(last_day) as last_day,
    min(arr) as arr
from numbered
group by account_id, run
order by account_id, first_day
