-- Grain: one row per account and touched day with product events or with a change of who is active.
-- Series: events usage counts: product events of the day
-- Series: active_users_{n}d usage changes: change of distinct users active in the last {n} days
-- Series: active_features_{n}d usage changes: change of distinct features used in the last {n} days
-- Touched by: usage_day up to {n} days on
-- Re-running replaces these rows. A member (a user, a feature) counts from a day on which it is
-- seen until n - 1 days after it, so a day touches that day and those up to n days after it, and
-- what is said of a day is found from the n days before it. Days are the product's, as counted by
-- the source. A member seen twice on a day, in two products of the account, is seen once.
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
            and touched.last_day >= usage_day.day
),

seen as (
    select
        counted.account_id,
        counted.first_day,
        counted.last_day,
        'active_users_' as name,
        member collate "C" as member,
        counted.day
    from counted
    cross join unnest(counted.users) as member
    union all
    select
        counted.account_id,
        counted.first_day,
        counted.last_day,
        'active_features_',
        member collate "C",
        counted.day
    from counted
    cross join unnest(counted.features) as member
),

spell as (
    select
        account_id,
        first_day,
        last_day,
        name,
        day,
        lag(day) over member_days as previous_day,
        lead(day) over member_days as next_day
    from seen
    window member_days as (partition by account_id, first_day, name, member order by day)
)

select
    spell.name || days.n || 'd',
    spell.account_id,
    entry.day,
    sum(entry.change)
from spell
cross join unnest((:windows)::integer[]) as days (n)
cross join
    lateral (
        values
        (spell.day, case when spell.previous_day + days.n >= spell.day then 0 else 1 end),
        (
            spell.day + days.n,
            case when spell.next_day <= spell.day + days.n then 0 else -1 end
        )
    ) as entry (day, change)
where entry.change != 0 and entry.day between spell.first_day and spell.last_day
group by spell.name, days.n, spell.account_id, entry.day
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
