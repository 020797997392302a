-- Grain: one row per account to check: a fixed choice of them, or all. Re-running adds none.
insert into checked (account_id)
select account_id
from (
    select account_id from core.account
    union
    select account_id from health.known_from
) as everyone
order by hashint4(account_id), account_id
limit :accounts
on conflict do nothing
