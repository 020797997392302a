-- Grain: one row a record that held one of these properties. Re-run: changes nothing.
update health.crm_record
set acknowledged = acknowledged - cast(:names as text[])
where source = :source and jsonb_exists_any(acknowledged, cast(:names as text[]))
