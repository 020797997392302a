-- Grain: one row per account and touched day on which somebody set or cleared the pulse: the last
-- value of that day, NaN where that was none. Re-running replaces these rows.
-- Series: pulse crm values: what the customer success manager said, 1 (worst) to 5
-- Touched by: manual_input on its days
insert into fresh (name, account_id, day, value)
select distinct on (touched.account_id, said.day)
    'pulse',
    touched.account_id,
    said.day,
    coalesce(manual_input.value, 'NaN')
from touched
inner join core.account_record on touched.account_id = account_record.account_id
inner join
    core.manual_input
    on
        account_record.source = manual_input.source
        and account_record.source_account_id = manual_input.source_account_id
        and manual_input.measure = 'pulse'
        and touched.begins <= manual_input.occurred_at
        and touched.ends > manual_input.occurred_at
cross join lateral (select (manual_input.occurred_at at time zone :time_zone)::date as day) as said
where said.day between touched.first_day and touched.last_day
order by touched.account_id asc, said.day asc, manual_input.occurred_at desc
