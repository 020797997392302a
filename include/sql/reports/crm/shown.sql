-- Grain: one row: how fresh the records are that we wrote. Reads only.
select
    count(*) as records,
    min(acknowledged_at) as oldest,
    max(acknowledged_at) as newest,
    min(checked_at) as checked_since,
    count(*) filter (where checked_at is null) as never_checked
from health.crm_record
where source = :source
