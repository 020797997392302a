-- Grain: one row per currency and day of the file. Re-running writes nothing.
insert into core.rate (currency, day, rate, source)
select
    currency,
    day,
    rate,
    source
from fresh_rate
on conflict (currency, day) do update set
    rate = excluded.rate,
    source = excluded.source,
    loaded_at = excluded.loaded_at
where (rate.rate, rate.source) is distinct from (excluded.rate, excluded.source)
