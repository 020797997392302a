-- Grain: one row: the lowest and highest account_id, 1 and 0 without any. Reads only.
select
    coalesce(min(account_id), 1) as first,
    coalesce(max(account_id), 0) as last
from core.account
