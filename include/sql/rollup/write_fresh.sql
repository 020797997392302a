-- Grain: one row per account, series and touched day. Re-running writes nothing: only changed
-- values are. What a file says of days that nobody asked it for is left alone. `materialized`: the
-- planner takes a file's series for one in all, and would look for accounts and days in every one.
with wanted as materialized (
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
)

insert into health.account_day (series_id, account_id, day, value)
select
    wanted.series_id,
    wanted.account_id,
    wanted.day,
    wanted.value
from wanted
left join health.account_day as stored
    on
        wanted.series_id = stored.series_id
        and wanted.account_id = stored.account_id
        and wanted.day = stored.day
where stored.value is distinct from wanted.value
order by wanted.series_id, wanted.account_id, wanted.day
on conflict (series_id, account_id, day) do update set value = excluded.value
