-- Grain: one row per parent of the range, descendant at any depth and run of days (both ends
-- included, within first_day..last_day) on which the parent attribute, as it stood at the end of
-- each day, leads from the one to the other. No descendant twice on a day; the way down stops where
-- it comes back to the parent itself, and an account is never its own descendant. Days end in the
-- zone of core.calendar. Reads only.
with recursive alias as (
    select distinct on (source, record_id)
        source,
        record_id,
        account_id
    from (
        select
            source,
            source_account_id as record_id,
            account_id,
            1 as rank
        from core.account
        union all
        select
            source,
            unnest(merged_ids),
            account_id,
            0
        from core.account
    ) as named
    order by source asc, record_id asc, rank asc, account_id desc
),

held as (
    select
        account.account_id,
        account.source,
        account.source_account_id,
        parent.value as parent_record_id,
        greatest(core.day_of(parent.valid_from), cast(:first_day as date)) as first_day,
        least(
            core.day_of(parent.valid_to) - 1,
            core.day_of(account.archived_at) - 1,
            cast(:last_day as date)
        ) as last_day
    from core.account_attribute as parent
    inner join core.account on parent.account_id = account.account_id
    where
        parent.attribute = 'parent'
        and parent.value is not null
        and parent.valid_from < core.end_of(cast(:last_day as date))
        and (parent.valid_to is null or parent.valid_to >= core.end_of(cast(:first_day as date)))
),

edge as materialized (
    select
        upper_end.account_id as parent_account_id,
        lower_end.account_id,
        held.first_day,
        held.last_day
    from held
    inner join alias as upper_end
        on held.source = upper_end.source and held.parent_record_id = upper_end.record_id
    inner join alias as lower_end
        on held.source = lower_end.source and held.source_account_id = lower_end.record_id
    where
        held.first_day <= held.last_day
        and upper_end.account_id != lower_end.account_id
        and lower_end.account_id = held.account_id
),

family as (
    select
        edge.parent_account_id,
        edge.account_id,
        edge.first_day,
        edge.last_day,
        array[edge.parent_account_id, edge.account_id] as way
    from edge
    where edge.parent_account_id between :first_account and :last_account
    union all
    select
        family.parent_account_id,
        edge.account_id,
        greatest(family.first_day, edge.first_day),
        least(family.last_day, edge.last_day),
        family.way || edge.account_id
    from family
    inner join edge on family.account_id = edge.parent_account_id
    where
        edge.account_id != all(family.way)
        and greatest(family.first_day, edge.first_day) <= least(family.last_day, edge.last_day)
)

select
    parent_account_id,
    account_id,
    lower(run) as first_day,
    upper(run) - 1 as last_day
from (
    select
        parent_account_id,
        account_id,
        unnest(range_agg(daterange(first_day, last_day, '[]'))) as run
    from family
    group by parent_account_id, account_id
) as joined
order by parent_account_id, account_id, first_day
