-- Grain: one row per parent of the range, descendant at any depth and run of days (both ends
-- included, within first_day..last_day) on which the parent attribute, as it stood at the end of
-- each day, leads from the one to the other. No descendant twice on a day; the way down stops where
-- it comes back to the parent itself, and an account is never its own descendant. Days end in the
-- zone of core.calendar. Reads only.
with recursive held as materialized (
    select
        account.account_id,
        account.source,
        parent.value as parent_record_id,
        greatest(
            cast(parent.valid_from at time zone calendar.time_zone as date),
            cast(:first_day as date)
        ) as first_day,
        least(
            cast(parent.valid_to at time zone calendar.time_zone as date) - 1,
            cast(account.archived_at at time zone calendar.time_zone as date) - 1,
            cast(:last_day as date)
        ) as last_day
    from core.account_attribute as parent
    inner join core.unmerged_account as account on parent.account_id = account.account_id
    cross join core.calendar
    where
        parent.attribute = 'parent'
        and parent.value is not null
),

edge as materialized (
    select
        upper_end.account_id as parent_account_id,
        held.account_id,
        held.first_day,
        held.last_day
    from held
    inner join core.account_winner as upper_end
        on
            held.source = upper_end.source
            and held.parent_record_id = upper_end.source_account_id
    where held.first_day <= held.last_day and upper_end.account_id != held.account_id
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
