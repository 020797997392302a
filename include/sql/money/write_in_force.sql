-- Grain: one row per currency and day. Re-running writes nothing.
insert into core.rate_in_force (currency, day, rate, rated_on)
select
    currency,
    day,
    rate,
    rated_on
from fresh_in_force
on conflict (currency, day) do update set
    rate = excluded.rate,
    rated_on = excluded.rated_on
where
(rate_in_force.rate, rate_in_force.rated_on)
is distinct from (excluded.rate, excluded.rated_on)
