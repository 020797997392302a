-- Grain: one row per currency and day on which a rate is in force, into fresh_in_force.
insert into fresh_in_force (currency, day, rate, rated_on)
select
    spell.currency,
    spell.day + later.days,
    spell.rate,
    spell.day
from (
    select
        currency,
        day,
        rate,
        lead(day) over (partition by currency order by day) - day - 1 as days_to_next
    from core.rate
) as spell
cross join core.money
cross join
    lateral generate_series(0, least(spell.days_to_next, money.max_age_days)) as later (days)
