-- Grain: one row per account and day on which somebody set the pulse: the last value of that day,
-- 1 (worst) to 5. Re-running replaces the account's rows.
insert into fresh (name, account_id, day, value)
select distinct on (live_account.account_id, day)
    'pulse',
    live_account.account_id,
    (manual_input.occurred_at at time zone :time_zone)::date as day,
    manual_input.value
from core.manual_input
inner join
    core.live_account
    on
        manual_input.source = live_account.source
        and manual_input.source_account_id = live_account.source_account_id
where
    manual_input.measure = 'pulse'
    and manual_input.value is not null
    and live_account.account_id between :first_account and :last_account
order by live_account.account_id asc, day asc, manual_input.occurred_at desc
