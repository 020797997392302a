-- Grain: one row per rate that the file no longer says. Re-running finds none.
insert into core.replaced_rate (currency, day, rate, source, loaded_at)
select
    currency,
    day,
    rate,
    source,
    loaded_at
from core.rate
where
    not exists (
        select 1 from fresh_rate
        where
            fresh_rate.currency = rate.currency
            and fresh_rate.day = rate.day
            and fresh_rate.rate = rate.rate
            and fresh_rate.source = rate.source
    )
