-- Grain: one row per account and touched day with meetings held. Re-running replaces these rows.
-- Series: meetings_held crm counts: meetings held that day
-- Series: reviews_held crm counts: business reviews held that day
-- Series: trainings_held crm counts: trainings held that day
-- Series: kickoffs_held crm counts: kickoffs held that day
-- Touched by: touch on its days
insert into fresh (name, account_id, day, value)
select
    entry.name,
    touched.account_id,
    held.day,
    count(*)
from touched
inner join core.account_record on touched.account_id = account_record.account_id
inner join
    core.touch
    on
        account_record.source = touch.source
        and account_record.source_account_id = touch.source_account_id
        and touched.begins <= touch.occurred_at
        and touched.ends > touch.occurred_at
cross join lateral (select (touch.occurred_at at time zone :time_zone)::date as day) as held
cross join
    lateral (
        values
        ('meetings_held', true),
        ('reviews_held', touch.kind = 'review'),
        ('trainings_held', touch.kind = 'training'),
        ('kickoffs_held', touch.kind = 'kickoff')
    ) as entry (name, applies)
where touch.is_held and entry.applies and held.day between touched.first_day and touched.last_day
group by entry.name, touched.account_id, held.day
