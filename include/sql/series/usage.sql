-- Grain: one row per account and touched day with product events or with a change of who is active.
-- Series: events usage counts: product events of the day
-- Series: active_users_{n}d usage changes: change of distinct users active in the last {n} days
-- Series: active_features_{n}d usage changes: change of distinct features used in the last {n} days
-- Touched by: usage_day up to {n} days on
-- Re-running replaces these rows. Days are the product's, as counted by the source. A member (a
-- user, a feature) counts from a day on which it is seen until n - 1 days after it, so a day
-- touches that day and those up to n days after it, and what is said of a day is found from the n
-- days before it. A member seen twice on a day, in two products of the account, is seen once.
-- This statement only gathers, one row per account and range of touched days, who was seen on which
-- day; include/warehouse/distinct.py makes the series of it, which saves taking millions of names
-- apart and sorting them. days: since 1970-01-01, four bytes each; events: eight bytes for each of
-- these days; users, features: how many of the names are its, four bytes. chr(1) parts the names.
select
    touched.account_id,
    greatest(touched.first_day, date '0001-01-01') - date '1970-01-01' as first_day,
    least(touched.last_day, date '9999-12-31') - date '1970-01-01' as last_day,
    string_agg(int4send(usage_day.day - date '1970-01-01'), '') as days,
    string_agg(int8send(usage_day.events), '') as events,
    string_agg(int4send(cardinality(usage_day.users)), '') as users,
    string_agg(array_to_string(usage_day.users, chr(1)), chr(1))
    filter (where usage_day.users != '{}') as user_names,
    string_agg(int4send(cardinality(usage_day.features)), '') as features,
    string_agg(array_to_string(usage_day.features, chr(1)), chr(1))
    filter (where usage_day.features != '{}') as feature_names
from touched
inner join core.account_link
    on touched.account_id = account_link.account_id and account_link.object = 'group'
inner join core.usage_day
    on
        account_link.source = usage_day.source
        and account_link.source_key = usage_day.account_key
        and usage_day.day >= touched.first_day - cast(:longest_window as integer)
where
    usage_day.day >= cast(:first_day as date) - cast(:longest_window as integer)
    and usage_day.day <= cast(:last_day as date)
    and usage_day.day <= touched.last_day
group by touched.account_id, touched.first_day, touched.last_day
