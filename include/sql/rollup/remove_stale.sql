-- Grain: one row per account, series and touched day that no longer holds. Re-running removes
-- nothing.
delete from health.account_day
using touched, health.series as series
where
    series.file = :file
    and account_day.series_id = series.series_id
    and account_day.account_id = touched.account_id
    and account_day.day between touched.first_day and touched.last_day
    and not exists (
        select 1
        from fresh
        where
            fresh.name = series.name
            and fresh.account_id = account_day.account_id
            and fresh.day = account_day.day
    )
