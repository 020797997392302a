-- Grain: none. Lets a role read what BI tools read. Re-running changes nothing.
select health.grant_reader(cast(:role as name))
