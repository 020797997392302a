-- Grain: one row per measure, account and touched day on which somebody entered a value: the last
-- of that day. Re-running replaces these rows.
-- Series: manual_{measure} crm values: what people entered of the measure {measure}
-- Touched by: manual_input on its days
insert into fresh (name, account_id, day, value)
select distinct on (manual_input.measure, touched.account_id, said.day)
    'manual_' || manual_input.measure,
    touched.account_id,
    said.day,
    manual_input.value
from touched
inner join core.account_record on touched.account_id = account_record.account_id
inner join
    core.manual_input
    on
        account_record.source = manual_input.source
        and account_record.source_account_id = manual_input.source_account_id
        and manual_input.is_entered
        and manual_input.measure != 'pulse'
        and touched.begins <= manual_input.occurred_at
        and touched.ends > manual_input.occurred_at
cross join lateral (select (manual_input.occurred_at at time zone :time_zone)::date as day) as said
where
    manual_input.value is not null
    and said.day between touched.first_day and touched.last_day
order by
    manual_input.measure asc,
    touched.account_id asc,
    said.day asc,
    manual_input.occurred_at desc
