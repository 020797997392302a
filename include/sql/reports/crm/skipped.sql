-- Grain: one row per field that was not restored when a run was taken back. Reads only.
select
    crm_undo_skip.record_id,
    account.name,
    crm_undo_skip.field,
    crm_undo_skip.ours,
    crm_undo_skip.theirs
from health.crm_undo_skip
inner join health.crm_undo on crm_undo_skip.undo_id = crm_undo.undo_id
left join core.account
    on
        crm_undo.source = account.source
        and crm_undo_skip.record_id = account.source_account_id
where crm_undo.run_no = :run_no
order by crm_undo_skip.record_id, crm_undo_skip.field
