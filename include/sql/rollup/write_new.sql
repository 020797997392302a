-- Grain: one row per account, series and touched day, of accounts that have none in these series.
-- What a file says of days that nobody asked it for is left alone.
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
order by series.series_id, fresh.account_id, fresh.day
