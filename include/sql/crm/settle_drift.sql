-- Grain: one row a field that was written over after somebody had changed it. Re-run: none.
update health.crm_drift
set resolved_at = now()
from health.crm_write
where
    crm_write.write_id = any(cast(:write_ids as bigint[]))
    and crm_drift.source = crm_write.source
    and crm_drift.record_id = crm_write.record_id
    and crm_drift.resolved_at is null
    and jsonb_exists(crm_write.new_values, crm_drift.field)
