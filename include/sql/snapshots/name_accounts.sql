-- Grain: one row per account of a list: what people call it. Reads only.
select
    account_id,
    source_account_id as crm_id,
    coalesce(name, source_account_id) as name
from core.account
where account_id = any(cast(:accounts as integer[]))
