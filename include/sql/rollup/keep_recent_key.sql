-- Grain: none; makes the key of the newest months of series, once a month. A re-run makes none.
select health.keep_recent_key(cast(:newest as date))
