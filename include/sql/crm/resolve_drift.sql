-- Grain: one row a field that shows ours again, of records that were just compared. Re-run: none.
update health.crm_drift
set resolved_at = now()
where
    source = :source
    and resolved_at is null
    and record_id = any(cast(:record_ids as text[]))
    and not exists (
        select 1
        from
            jsonb_to_recordset(cast(:rows as jsonb)) as found (record_id text, field text)
        where found.record_id = crm_drift.record_id and found.field = crm_drift.field
    )
