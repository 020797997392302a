-- Grain: one row per account and range of touched days: who was seen on which day, what was used,
-- from the longest window before the range on. Reads only.
-- days: since 1970-01-01; users, features: how many stand in the names for each of these days. All
-- are four bytes a number. Names are one text, parted by chr(1): most of the time that would
-- otherwise go into taking millions of names apart and sorting them is saved (see distinct.py).
select
    touched.account_id,
    greatest(touched.first_day, date '0001-01-01') - date '1970-01-01' as first_day,
    least(touched.last_day, date '9999-12-31') - date '1970-01-01' as last_day,
    string_agg(int4send(usage_day.day - date '1970-01-01'), '') as days,
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
