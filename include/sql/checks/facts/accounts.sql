-- Grain: one row per live account. Reads only.
with recursive edge as materialized (
    select
        child.account_id,
        parent.account_id as parent_account_id
    from core.account as child
    inner join core.account as parent
        on
            child.source = parent.source
            and child.parent_source_account_id = parent.source_account_id
),

climb as (
    select
        account_id,
        parent_account_id as reached,
        array[parent_account_id] as way
    from edge
    union all
    select
        climb.account_id,
        edge.parent_account_id,
        climb.way || edge.parent_account_id
    from climb
    inner join edge on climb.reached = edge.account_id
    where climb.reached != climb.account_id and edge.parent_account_id != all(climb.way)
)

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
    end as parent_is_known,
    case
        when live_account.parent_source_account_id is not null
            then
                live_account.account_id not in (
                    select account_id from climb
                    where account_id = reached
                )
    end as parents_end
from core.live_account
left join core.owner
    on live_account.source = owner.source and live_account.owner_id = owner.owner_id
left join core.account as parent
    on
        live_account.source = parent.source
        and live_account.parent_source_account_id = parent.source_account_id
