-- Grain: one row per account and touched day with product events or with a change of who is active.
-- Series: events usage counts: product events of the day
-- Series: active_users_{n}d usage changes: change of distinct users active in the last {n} days
-- Series: active_features_{n}d usage changes: change of distinct features used in the last {n} days
-- Touched by: usage_day up to {n} days on
-- Re-running replaces these rows. A member (a user, a feature) counts from a day on which it is
-- seen until n - 1 days after it, so a day touches that day and those up to n days after it, and
-- what is said of a day is found from the n days before it. Days are the product's, as counted by
-- the source. A member seen twice on a day, in two products of the account, is seen once. One sort
-- serves every window; it begins with a number, which is quicker to compare than names.
insert into fresh (name, account_id, day, value)
with counted as (
    select
        touched.account_id,
        touched.first_day,
        touched.last_day,
        usage_day.day,
        usage_day.events,
        usage_day.users,
        usage_day.features
    from touched
    inner join core.account_link
        on touched.account_id = account_link.account_id and account_link.object = 'group'
    inner join core.usage_day
        on
            account_link.source = usage_day.source
            and account_link.source_key = usage_day.account_key
            and usage_day.day >= touched.first_day - (:longest_window)::integer
    where
        usage_day.day >= (:first_day)::date - (:longest_window)::integer
        and usage_day.day <= (:last_day)::date
        and usage_day.day <= touched.last_day
),

seen as (
    select
        counted.account_id,
        counted.first_day,
        counted.last_day,
        counted.day,
        member.is_user,
        counted.day - lag(counted.day) over member_days as days_before,
        lead(counted.day) over member_days - counted.day as days_after
    from counted
    cross join
        lateral (
            select
                true as is_user,
                unnest(counted.users) collate "C" as name
            union all
            select
                false,
                unnest(counted.features) collate "C"
        ) as member
    window member_days as (
        partition by
            hashtextextended(member.name, counted.account_id),
            counted.account_id,
            counted.first_day,
            member.is_user,
            member.name
        order by counted.day
    )
)

select
    case when seen.is_user then 'active_users_' else 'active_features_' end || days.n || 'd',
    seen.account_id,
    entry.day,
    sum(entry.change)
from seen
cross join unnest((:windows)::integer[]) as days (n)
cross join
    lateral (
        values
        (seen.day, case when seen.days_before <= days.n then 0 else 1 end),
        (seen.day + days.n, case when seen.days_after <= days.n then 0 else -1 end)
    ) as entry (day, change)
where
    (seen.days_before <= :shortest_window and seen.days_after <= :shortest_window) is not true
    and entry.change != 0
    and entry.day between seen.first_day and seen.last_day
group by seen.is_user, days.n, seen.account_id, entry.day
having sum(entry.change) != 0
union all
select
    'events',
    account_id,
    day,
    sum(events)
from counted
where day >= first_day
group by account_id, day
