-- Grain: one row a record that was acknowledged. Re-run: the same values once more.
insert into health.crm_record (source, record_id, account_id, acknowledged)
select distinct on (source, record_id)
    source,
    record_id,
    account_id,
    new_values
from health.crm_write
where write_id = any(cast(:write_ids as bigint[]))
order by source asc, record_id asc, write_id desc
on conflict (source, record_id) do update set
    account_id = excluded.account_id,
    acknowledged = crm_record.acknowledged || excluded.acknowledged,
    acknowledged_at = excluded.acknowledged_at
