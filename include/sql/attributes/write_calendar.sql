-- Grain: one row. Re-running changes nothing.
update core.calendar set time_zone = :time_zone
where time_zone != :time_zone
