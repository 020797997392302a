-- Grain: one row a record that a run wrote: each field as it was before its first write and after
-- its last one. A field that had never been written was empty. Reads only.
with written as (
    select
        crm_write.record_id,
        crm_write.account_id,
        changed.field,
        (
            array_agg(coalesce(crm_write.old_values ->> changed.field, '') order by write_id)
        )[1] as before,
        (array_agg(changed.value order by write_id desc))[1] as after
    from health.crm_write
    cross join lateral jsonb_each_text(crm_write.new_values) as changed (field, value)
    where
        crm_write.source = :source
        and crm_write.run_no = :run_no
        and crm_write.status = 'acknowledged'
        and crm_write.undo_id is null
    group by crm_write.record_id, crm_write.account_id, changed.field
)

select
    account_id,
    record_id,
    jsonb_object_agg(field, before) as before,
    jsonb_object_agg(field, after) as after
from written
where record_id > :after_record
group by account_id, record_id
order by record_id
limit :most
