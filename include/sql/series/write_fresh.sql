-- Grain: one row per account, series and day. Re-running writes nothing: only changed values are.
insert into health.account_day (series_id, account_id, day, value)
select
    series.series_id,
    fresh.account_id,
    fresh.day,
    fresh.value
from fresh
inner join health.series on fresh.name = series.name
on conflict (
    series_id, account_id, day) do update set value = excluded.value
where account_day.value != excluded.value
