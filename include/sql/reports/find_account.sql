-- Grain: one row per account whose id, CRM id, tenant key or name is what somebody typed, or whose
-- name contains it. exact tells the two apart. Reads only.
select
    account_id,
    source_account_id as crm_id,
    name,
    coalesce(
        core.plain_key(:entered) in (
            account_id::text, core.plain_key(source_account_id), core.plain_key(tenant_key)
        )
        or lower(name) = lower(:entered),
        false
    ) as exact
from core.account
where
    core.plain_key(:entered) in (
        account_id::text, core.plain_key(source_account_id), core.plain_key(tenant_key)
    )
    or strpos(lower(name), lower(:entered)) > 0
order by exact desc, name asc
limit 20
