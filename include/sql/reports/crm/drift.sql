-- Grain: one row per field that shows another value than ours, newest first. Reads only.
select
    crm_drift.record_id,
    account.name,
    crm_drift.field,
    crm_drift.ours,
    crm_drift.theirs,
    crm_drift.found_at
from health.crm_drift
left join core.account on crm_drift.account_id = account.account_id
where crm_drift.source = :source and crm_drift.resolved_at is null
order by crm_drift.drift_id desc
limit :rows
