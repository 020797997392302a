-- Grain: one row per host name that core.domain does not hold yet. Reads only.
select distinct seen.entered
from (
    select domain as entered from core.account
    where domain is not null
    union all
    select unnest(additional_domains) from core.account
    union all
    select unnest(domains) from core.organization
    union all
    select substring(email from '@([^@]+)$') from core.customer
    where email is not null
    union all
    select substring(email from '@([^@]+)$') from core.requester
    where email is not null
) as seen
where
    seen.entered is not null
    and not exists (
        select 1 from core.domain
        where domain.entered = seen.entered
    )
