-- Grain: one row per account and touched day with product events or with a change of who is active.
-- Series: events usage counts: product events of the day
-- Series: active_users_{n}d usage changes: change of distinct users active in the last {n} days
-- Series: active_features_{n}d usage changes: change of distinct features used in the last {n} days
-- Touched by: usage_day up to {n} days on
-- Re-running replaces these rows. Days are the product's, as counted by the source. Who is active
-- is made from members/usage.sql by include/warehouse/distinct.py: a member (a user, a feature)
-- counts from a day on which it is seen until n - 1 days after it, so a day touches that day and
-- those up to n days after it, and what is said of a day is found from the n days before it. A
-- member seen twice on a day, in two products of the account, is seen once.
insert into fresh (name, account_id, day, value)
select
    'events',
    touched.account_id,
    usage_day.day,
    sum(usage_day.events)
from touched
inner join core.account_link
    on touched.account_id = account_link.account_id and account_link.object = 'group'
inner join core.usage_day
    on
        account_link.source = usage_day.source
        and account_link.source_key = usage_day.account_key
        and touched.first_day <= usage_day.day
where
    usage_day.day >= (:first_day)::date
    and usage_day.day <= (:last_day)::date
    and usage_day.day <= touched.last_day
group by touched.account_id, usage_day.day
