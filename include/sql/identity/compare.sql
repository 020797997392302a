-- Grain: one row per object whose link is not what it should be. Once a linking, into a temporary
-- table. account_id: as it should be, NULL = nobody's; method: NULL where no rule links any more.
-- A link to an archived account stays until a rule says otherwise: what hung on it happened.
-- first_seen: an object that comes back to an account was first seen there before.
create temporary table differing on commit drop as
with found as (
    select
        coalesce(wanted.source, account_link.source) as source,
        coalesce(wanted.object, account_link.object) as object,
        coalesce(wanted.source_key, account_link.source_key) as source_key,
        wanted.account_id,
        wanted.method,
        wanted.confidence,
        account_link.account_id as old_account_id,
        account_link.first_seen,
        account_link.source is null as is_new
    from (
        select
            linkable.source,
            linkable.object,
            linkable.source_key,
            rule.method,
            rule.confidence,
            nullif(decided.account_id, 0) as account_id
        from decided
        inner join linkable on decided.object_no = linkable.object_no
        inner join
            unnest(
                cast(:rules as smallint[]),
                cast(:methods as text[]),
                cast(:confidences as double precision[])
            ) as rule (number, method, confidence)
            on decided.rule = rule.number
    ) as wanted
    full join core.account_link
        on
            wanted.source = account_link.source
            and wanted.object = account_link.object
            and wanted.source_key = account_link.source_key
    where
        (wanted.account_id, wanted.method, wanted.confidence)
        is distinct from (account_link.account_id, account_link.method, account_link.confidence)
        and (
            wanted.source is not null
            or account_link.account_id is null
            or account_link.account_id not in (
                select unmerged_account.account_id
                from core.unmerged_account
                where unmerged_account.archived_at is not null
            )
        )
)

select
    found.source,
    found.object,
    found.source_key,
    found.account_id,
    found.method,
    found.confidence,
    found.is_new,
    least(
        case
            when found.account_id is not distinct from found.old_account_id
                then found.first_seen
        end,
        min(past.first_seen),
        now()
    ) as first_seen
from found
left join core.account_link_past as past
    on
        found.source = past.source
        and found.object = past.object
        and found.source_key = past.source_key
        and found.account_id is not distinct from past.account_id
group by
    found.source,
    found.object,
    found.source_key,
    found.account_id,
    found.method,
    found.confidence,
    found.is_new,
    found.old_account_id,
    found.first_seen
