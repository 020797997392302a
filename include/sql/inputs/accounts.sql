-- Grain: one row per live account, for people to fill in what they know of it. Reads only.
select
    source_account_id as crm_id,
    name
from core.live_account
order by name asc nulls last, crm_id asc
