-- Grain: one row per account and series that no file declares any more. Re-running removes nothing.
delete from health.account_total
using health.series
where account_total.series_id = series.series_id and series.name != all((:names)::text[])
