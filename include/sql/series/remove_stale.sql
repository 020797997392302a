-- Grain: one row per account, series and day that no longer holds. Re-running removes nothing.
delete from health.account_day
where
    account_id between :first_account and :last_account
    and not exists (
        select 1
        from fresh
        inner join health.series on fresh.name = series.name
        where
            series.series_id = account_day.series_id
            and fresh.account_id = account_day.account_id
            and fresh.day = account_day.day
    )
