-- Grain: one row per call and account that may be meant by it. Reads only.
select
    meant.called,
    account.source_account_id as crm_id,
    account.name
from core.accounts_called(cast(:calls as text[])) as meant
inner join core.account on meant.account_id = account.account_id
order by meant.called, crm_id
