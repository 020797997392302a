-- Grain: one row per series that no file declares any more. Re-running removes nothing.
delete from health.series
where name != all((:names)::text[])
