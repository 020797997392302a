-- Grain: one row a thousand accounts: what a file's series hold of touched days, each series,
-- account, day (since 1970-01-01) and value as 2, 4, 4 and 8 bytes. `offset 0`: each touched range
-- is looked up in the key. Reads only.
select
    string_agg(
        int2send(stored.series_id)
        || int4send(stored.account_id)
        || int4send(stored.day - date '1970-01-01')
        || float8send(stored.value),
        ''
    ) as entries
from (
    select
        series.series_id,
        touched.account_id,
        held.day,
        held.value
    from touched
    cross join health.series
    cross join
        lateral (
            select
                account_day.day,
                account_day.value
            from health.account_day
            where
                account_day.series_id = series.series_id
                and account_day.account_id = touched.account_id
                and account_day.day between touched.first_day and touched.last_day
            order by account_day.day
            offset 0
        ) as held
    where series.file = :file
) as stored
group by stored.account_id / 1000
