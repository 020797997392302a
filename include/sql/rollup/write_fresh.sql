-- Grain: one row per account, series and touched day. Re-running writes nothing: only changed
-- values are. What a file says of days that nobody asked it for is left alone.
insert into health.account_day (series_id, account_id, day, value)
select
    series.series_id,
    fresh.account_id,
    fresh.day,
    fresh.value
from fresh
inner join touched
    on
        fresh.account_id = touched.account_id
        and fresh.day between touched.first_day and touched.last_day
inner join health.series on fresh.name = series.name and series.file = :file
left join health.account_day as stored
    on
        series.series_id = stored.series_id
        and fresh.account_id = stored.account_id
        and fresh.day = stored.day
where stored.value is distinct from fresh.value
order by series.series_id, fresh.account_id, fresh.day
on conflict (series_id, account_id, day) do update set value = excluded.value
