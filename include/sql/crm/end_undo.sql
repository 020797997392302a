-- Grain: one row: an undo that is done. Re-run: counts on. restored: records by now.
update health.crm_undo
set
    done_at = now(),
    restored = (
        select count(distinct crm_write.record_id)
        from health.crm_write
        where crm_write.undo_id = crm_undo.undo_id and crm_write.status = 'acknowledged'
    )
where undo_id = :undo_id
returning restored
