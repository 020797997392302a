-- Grain: one row per object whose account is another one than at a moment, the :top of each kind of
-- change. Reads only. kind: new, lost, re-linked. in_all: how many of the kind there are.
with past as (
    select
        source,
        object,
        source_key,
        account_id,
        method
    from core.link_ledger
    where valid_from <= :moment and (valid_to is null or valid_to > :moment)
),

changed as (
    select
        earlier.account_id as old_account_id,
        earlier.method as old_method,
        now.account_id,
        now.method,
        coalesce(now.source, earlier.source) as source,
        coalesce(now.object, earlier.object) as object,
        coalesce(now.source_key, earlier.source_key) as source_key,
        case
            when earlier.account_id is null then 'new'
            when now.account_id is null then 'lost'
            else 're-linked'
        end as kind
    from core.account_link as now
    full join past as earlier
        on
            now.source = earlier.source
            and now.object = earlier.object
            and now.source_key = earlier.source_key
    where now.account_id is distinct from earlier.account_id
),

ranked as (
    select
        *,
        row_number() over (partition by kind order by source, object, source_key) as place,
        count(*) over (partition by kind) as in_all
    from changed
)

select
    ranked.kind,
    ranked.source,
    ranked.object,
    ranked.source_key,
    ranked.old_method,
    ranked.method,
    ranked.in_all,
    concat_ws(' ', before.source_account_id, before.name) as old_account,
    concat_ws(' ', account.source_account_id, account.name) as account
from ranked
left join core.account as before on ranked.old_account_id = before.account_id
left join core.account on ranked.account_id = account.account_id
where ranked.place <= :top
order by ranked.kind, ranked.place
