-- Grain: one row per currency and day whose rate in force is another than before, or came, or went.
insert into changed_rate (currency, day)
select
    coalesce(fresh_in_force.currency, rate_in_force.currency),
    coalesce(fresh_in_force.day, rate_in_force.day)
from fresh_in_force
full join core.rate_in_force
    on
        fresh_in_force.currency = rate_in_force.currency
        and fresh_in_force.day = rate_in_force.day
where fresh_in_force.rate is distinct from rate_in_force.rate
