-- Grain: one row a company that the CRM still has: not archived, not merged away. Reads only.
select account_id
from core.live_account
where source = :source
order by account_id
