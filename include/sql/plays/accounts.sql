-- Grain: one row per account asked for: what its steps say and who owns it, at the end of a day.
-- Reads only.
with day as materialized (
    select core.end_of(cast(:as_of as date)) as until
)

select
    account.account_id,
    account.source_account_id as crm_id,
    account.name,
    stood.renewal_date,
    owner.owner_id,
    owner.name as owner_name,
    owner.email as owner_email
from day
cross join core.account
left join
    lateral core.attributes_on(day.until) as stood
    on account.account_id = stood.account_id
left join core.owner
    on account.source = owner.source and stood.owner_id = owner.owner_id and not owner.is_archived
where account.account_id = any(cast(:accounts as integer[]))
