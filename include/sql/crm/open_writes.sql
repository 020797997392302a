-- Grain: one row a record about to be written. Re-run: adds the rows again.
insert into health.crm_write (
    run_no, source, undo_id, account_id, record_id, old_values, new_values
)
select
    :run_no,
    :source,
    :undo_id,
    meant.account_id,
    meant.record_id,
    meant.old_values,
    meant.new_values
from
    jsonb_to_recordset(cast(:rows as jsonb))
        as meant (
            account_id integer, record_id text, old_values jsonb, new_values jsonb
        )
returning write_id, record_id
