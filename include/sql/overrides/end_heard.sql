-- Grain: one override from fields of the CRM, ended from a day on; nothing where it was ended
-- before. Re-running changes nothing.
select health.end_heard(:override_id, :ended_by, :from_day)
