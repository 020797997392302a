-- Grain: one row a record whose comparison with the CRM is due: those never compared, then the
-- longest ago. run_no NULL: any record; else a share of those that the run wrote. Reads only.
select
    crm_record.record_id,
    crm_record.account_id,
    crm_record.acknowledged
from health.crm_record
inner join core.live_account
    on
        crm_record.source = live_account.source
        and crm_record.record_id = live_account.source_account_id
where
    crm_record.source = :source
    and (
        cast(:run_no as integer) is null
        or exists (
            select 1
            from health.crm_write
            where
                crm_write.source = crm_record.source
                and crm_write.record_id = crm_record.record_id
                and crm_write.run_no = :run_no
                and crm_write.status = 'acknowledged'
        )
    )
order by
    case when cast(:run_no as integer) is null then crm_record.checked_at end asc nulls first,
    hashtext(crm_record.record_id)
limit :most
