-- Grain: one row per run that was taken back, newest first. Reads only.
select
    crm_undo.run_no,
    crm_undo.as_of,
    crm_undo.undone_by,
    crm_undo.begun_at,
    crm_undo.restored,
    case when crm_undo.done_at is null then 'begun' else 'done' end as state,
    (
        select count(*)
        from health.crm_undo_skip
        where crm_undo_skip.undo_id = crm_undo.undo_id
    ) as skipped
from health.crm_undo
where crm_undo.source = :source
order by crm_undo.undo_id desc
limit :rows
