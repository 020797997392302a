-- Grain: one row per touched account with product events. Re-running replaces these rows.
-- Known from: its first day with product events
-- Touched by: usage_day on all days
insert into fresh_known (account_id, role, day)
select
    touched.account_id,
    'usage',
    min(oldest.day)
from touched
inner join core.account_link
    on touched.account_id = account_link.account_id and account_link.object = 'group'
cross join
    lateral (
        select min(usage_day.day) as day
        from core.usage_day
        where
            usage_day.source = account_link.source
            and usage_day.account_key = account_link.source_key
    ) as oldest
where oldest.day is not null
group by touched.account_id
