-- Grain: one row an account of a list and day with a row of one series. Reads only.
select
    account_day.account_id,
    account_day.day,
    account_day.value
from health.account_day
inner join health.series on account_day.series_id = series.series_id
where
    series.name = :name
    and account_day.account_id = any(cast(:accounts as integer[]))
    and account_day.day <= :last_day
