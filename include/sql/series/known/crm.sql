-- Grain: one row per touched account in the CRM. Re-running replaces these rows.
-- Known from: the day on which the account was created in the CRM
-- Touched by: account on all days
insert into fresh_known (account_id, role, day)
select
    unmerged_account.account_id,
    'crm',
    (unmerged_account.created_at at time zone :time_zone)::date
from touched
inner join core.unmerged_account on touched.account_id = unmerged_account.account_id
where unmerged_account.created_at is not null
