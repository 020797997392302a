-- Grain: one row per run and role. Re-running replaces the run's rows. What people enter names its
-- accounts itself: no links.
with linked as (
    select
        live_account.account_id,
        case
            when account_link.object in ('customer', 'subscription') then 'billing'
            when account_link.object in ('organization', 'requester') then 'support'
            when account_link.object = 'group' then 'usage'
        end as role
    from core.live_account
    left join core.account_link on live_account.account_id = account_link.account_id
)

insert into health.linked_share (run_no, role, accounts, linked)
select
    :run_no,
    wanted.role,
    count(distinct linked.account_id),
    count(distinct linked.account_id) filter (where linked.role = wanted.role)
from unnest(cast(:roles as text[])) as wanted (role)
cross join linked
where wanted.role not in ('crm', 'inputs')
group by wanted.role
on conflict (run_no, role) do update set
    accounts = excluded.accounts,
    linked = excluded.linked
