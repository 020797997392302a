-- Grain: one row, or none: the pulse of an account that held at the end of a day, who set it, when
-- and why. author: the CRM's own word for its user. Reads only.
select
    manual_input.value,
    manual_input.occurred_at,
    manual_input.author,
    manual_input.reason
from core.account_record
inner join core.manual_input
    on
        account_record.source = manual_input.source
        and account_record.source_account_id = manual_input.source_account_id
where
    account_record.account_id = :account_id
    and manual_input.measure = 'pulse'
    and manual_input.occurred_at < core.end_of(cast(:as_of as date))
order by manual_input.occurred_at desc
limit 1
