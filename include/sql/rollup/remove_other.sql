-- Grain: one row per account, series and day of `other` without a value: these go. Re-running
-- removes nothing.
delete from health.account_day
using other
where
    other.value is null
    and account_day.series_id = other.series_id
    and account_day.account_id = other.account_id
    and account_day.day = other.day
