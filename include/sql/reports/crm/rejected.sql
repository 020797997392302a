-- Grain: one row per record whose last write was refused or did not get through, newest first.
-- Reads only.
select
    newest.record_id,
    account.name,
    newest.run_no,
    newest.status,
    newest.answer,
    newest.sent_at
from (
    select distinct on (record_id)
        record_id,
        account_id,
        run_no,
        status,
        answer,
        sent_at,
        write_id
    from health.crm_write
    where source = :source
    order by record_id asc, write_id desc
) as newest
left join core.account on newest.account_id = account.account_id
where newest.status in ('rejected', 'missed')
order by newest.write_id desc
limit :rows
