-- Grain: one row: the highest account_id, to look at every so many-th account only. Reads only.
select coalesce(max(account_id), 0) as last_account
from core.account
