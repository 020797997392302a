-- Grain: one row per live account. Reads only.
select
    live_account.source_account_id as record_id,
    live_account.domain,
    live_account.tenant_key,
    live_account.arr,
    nullif(trim(live_account.name), '') as name,
    raw.days_after(live_account.created_at, :latest) as created_days_ahead,
    live_account.renewal_date - cast(:as_of as date) as renewal_days_ahead,
    case
        when live_account.owner_id is not null then owner.owner_id is not null
    end as owner_is_known,
    case
        when live_account.parent_source_account_id is not null
            then parent.account_id is not null
    end as parent_is_known
from core.live_account
left join core.owner
    on live_account.source = owner.source and live_account.owner_id = owner.owner_id
left join core.account as parent
    on
        live_account.source = parent.source
        and live_account.parent_source_account_id = parent.source_account_id
