-- Grain: one row per account of `accounts` and run of days (both ends included, within
-- first_day..last_day) of one ARR: in major units of the reporting currency, as it stood at the end
-- of each day, at that day's rate; NULL unknown. Days before anything was entered have no row.
-- Reads only.
with stood as materialized (
    select
        amount.account_id,
        cast(amount.value as numeric) as amount,
        unit.value as currency,
        money.digits,
        coalesce(unit.value = money.currency, false) as is_reporting,
        greatest(
            cast(amount.valid_from at time zone calendar.time_zone as date),
            cast(unit.valid_from at time zone calendar.time_zone as date),
            cast(:first_day as date)
        ) as first_day,
        least(
            cast(amount.valid_to at time zone calendar.time_zone as date) - 1,
            cast(unit.valid_to at time zone calendar.time_zone as date) - 1,
            cast(:last_day as date)
        ) as last_day
    from core.account_attribute as amount
    cross join core.calendar
    left join core.money on money.is_only
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

converted as materialized (
    select
        *,
        generate_series(first_day, last_day, interval '1 day') as on_day
    from stood
    where not is_reporting
),

valued as (
    select
        account_id,
        first_day,
        last_day,
        amount as arr
    from stood
    where is_reporting and first_day <= last_day
    union all
    select
        converted.account_id,
        cast(converted.on_day as date),
        cast(converted.on_day as date),
        round(converted.amount * rate_in_force.rate, converted.digits)
    from converted
    left join core.rate_in_force
        on
            converted.currency = rate_in_force.currency
            and rate_in_force.day = cast(converted.on_day as date)
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
