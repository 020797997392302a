-- Grain: one row an account and day whose newest readings hold any that were carried forward; hash
-- names what is said of them. Reads only.
select
    account_id,
    as_of,
    jsonb_hash_extended(carried, 1) as hash
from (
    select distinct on (as_of, account_id)
        account_id,
        as_of,
        carried
    from health.reading
    where
        as_of between :first_day and :last_day
        and scorecard_id = :scorecard_id
        and basis = :basis
        and account_id between :first_account and :last_account
    order by as_of asc, account_id asc, revision desc
) as newest
where carried is not null
