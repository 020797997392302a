-- Grain: one row per account, series and day of `other` with a value. Re-running writes the same.
insert into health.account_day (series_id, account_id, day, value)
select
    series_id,
    account_id,
    day,
    value
from other
where value is not null
order by series_id, account_id, day
on conflict (series_id, account_id, day) do update set value = excluded.value
