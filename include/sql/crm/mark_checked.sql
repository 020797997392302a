-- Grain: one row a record that was just compared with the CRM. Re-run: the later time.
update health.crm_record set checked_at = now()
where source = :source and record_id = any(cast(:record_ids as text[]))
