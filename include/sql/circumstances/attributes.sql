-- Grain: one row per account of the range and run of days (both ends included) on which an
-- attribute has a value at the end of the day; hash names the value. Only runs with a day in
-- first_day..last_day. Days end in the zone of core.calendar. Reads only.
select
    account_id,
    first_day,
    last_day,
    hashtextextended(value, 0) as hash
from (
    select
        valid.account_id,
        valid.value,
        cast(valid.valid_from at time zone calendar.time_zone as date) as first_day,
        coalesce(
            cast(valid.valid_to at time zone calendar.time_zone as date) - 1,
            cast(:last_day as date)
        ) as last_day
    from core.account_attribute as valid
    cross join core.calendar
    where
        valid.account_id between :first_account and :last_account
        and valid.attribute = :attribute
        and valid.value is not null
) as held
where
    first_day <= last_day
    and first_day <= cast(:last_day as date)
    and last_day >= cast(:first_day as date)
