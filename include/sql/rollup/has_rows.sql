-- Grain: one row: whether a file's series have any row of a touched account. Reads only.
select
    exists(
        select 1
        from touched
        inner join health.series on series.file = :file
        cross join
            lateral (
                select 1
                from health.account_day
                where
                    account_day.series_id = series.series_id
                    and account_day.account_id = touched.account_id
                order by account_day.day
                limit 1
            ) as stored
    ) as has_rows
