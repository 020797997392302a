-- Grain: one row per account and day of a series that no file declares any more. Re-running
-- removes nothing.
delete from health.account_day
using health.series
where account_day.series_id = series.series_id and series.name != all((:names)::text[])
