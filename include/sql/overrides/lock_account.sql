-- Grain: one row, the account, locked until the transaction ends: overrides of it take turns.
select
    account_id,
    core.day_of(now()) as today
from core.account
where account_id = :account_id
for update
