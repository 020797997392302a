-- Grain: one partition a month and table. A re-run makes those that are missing only.
select health.ensure_partitions(:first_day, :last_day)
