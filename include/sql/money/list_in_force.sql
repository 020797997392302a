-- Grain: one row per currency that has a rate or stands on a fact, in force on :day or not. Reads
-- only. rate: what one major unit is worth in the reporting currency. newest_on: day of the newest
-- rate until then, also where it is too old to be in force.
with seen as (
    select currency from core.rate
    union
    select currency from core.invoice
    union
    select lower(currency) from core.account
    where currency is not null and arr is not null
)

select
    seen.currency,
    money.currency as reporting_currency,
    rate_in_force.rated_on,
    rate.source,
    money.max_age_days,
    case when seen.currency = money.currency then 1 else rate_in_force.rate end as rate,
    :day - rate_in_force.rated_on as age_days,
    currency.code is not null as is_known,
    (
        select max(older.day) from core.rate as older
        where older.currency = seen.currency and older.day <= :day
    ) as newest_on
from seen
cross join core.money
left join core.currency on seen.currency = currency.code
left join core.rate_in_force
    on
        seen.currency = rate_in_force.currency
        and rate_in_force.day = :day
        and seen.currency != money.currency
left join core.rate
    on rate_in_force.currency = rate.currency and rate_in_force.rated_on = rate.day
order by seen.currency = money.currency desc, seen.currency asc
