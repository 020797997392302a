-- Grain: one row per series of a file, account and day as stored. Re-running adds them again.
insert into computed (way, name, account_id, day, value)
select
    'stored',
    series.name,
    account_day.account_id,
    account_day.day,
    account_day.value
from health.account_day
inner join health.series on account_day.series_id = series.series_id
inner join checked on account_day.account_id = checked.account_id
where series.file = :file
union all
select
    'stored',
    'known/' || known_from.role,
    known_from.account_id,
    known_from.day,
    0
from health.known_from
inner join checked on known_from.account_id = checked.account_id
where 'known/' || known_from.role = :file
