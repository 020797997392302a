-- Grain: one row a record of which we no longer know what it shows. Re-run: changes nothing.
delete from health.crm_record
where source = :source and record_id = any(cast(:record_ids as text[]))
