-- Grain: one row a record whose answer never came, oldest first. Reads only.
select
    write_id,
    account_id,
    record_id,
    old_values,
    new_values
from health.crm_write
where source = :source and status = 'sent'
order by write_id
limit :most
