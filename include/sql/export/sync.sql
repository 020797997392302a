-- Grain: one row an account that was ever written to the CRM. Reads only.
select
    account_id,
    crm,
    crm_id,
    name,
    status,
    answer,
    sent_at,
    run_no,
    acknowledged_at,
    checked_at,
    fields_edited
from health_bi.sync_status
order by account_id
