-- Grain: one row per account and day with product events. Re-running replaces the account's rows.
-- events: events that day. active_users_28d: change of the number of users active in the 28 days
-- up to a day (a user counts from an active day until 27 days after it). active_features_28d: the
-- same for product features. Days are the product's, as counted by the source. A member seen twice
-- on a day, in two products of the account, neither begins nor ends a spell the second time.
insert into fresh (name, account_id, day, value)
with counted as (
    select
        account_link.account_id,
        usage_day.day,
        usage_day.events,
        usage_day.users,
        usage_day.features
    from core.usage_day
    inner join core.account_link
        on
            usage_day.source = account_link.source
            and usage_day.account_key = account_link.source_key
            and account_link.object = 'group'
    where account_link.account_id between :first_account and :last_account
),

seen as (
    select
        counted.account_id,
        'active_users_28d' as name,
        member,
        counted.day
    from counted
    cross join unnest(counted.users) as member
    union all
    select
        counted.account_id,
        'active_features_28d',
        member,
        counted.day
    from counted
    cross join unnest(counted.features) as member
),

spell as (
    select
        account_id,
        name,
        day,
        lag(day) over member_days as previous_day,
        lead(day) over member_days as next_day
    from seen
    window member_days as (partition by account_id, name, member order by day)
),

changes as (
    select
        account_id,
        name,
        day,
        1 as change
    from spell
    where previous_day is null or previous_day + 28 < day
    union all
    select
        account_id,
        name,
        day + 28,
        -1
    from spell
    where next_day is null or day + 28 < next_day
)

select
    name,
    account_id,
    day,
    sum(change)
from changes
group by name, account_id, day
having sum(change) != 0
union all
select
    'events',
    account_id,
    day,
    sum(events)
from counted
group by account_id, day
