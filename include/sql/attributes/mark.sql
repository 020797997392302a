-- Grain: one row per account whose record's versions were looked at. Re-running changes nothing.
update core.account
set attributed_batch = newest.version
from (
    select
        account_id,
        max(version) as version
    from seen
    group by account_id
) as newest
where
    account.account_id = newest.account_id
    and account.attributed_batch is distinct from newest.version
