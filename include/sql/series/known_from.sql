-- Grain: one row per account and role of a source: from which day no row means zero. Re-running
-- replaces the account's rows. No row here: the account is not linked there, so nothing is known.
-- crm: the account's creation. billing: its first customer or subscription. support: its oldest
-- organisation or ticket. usage: its first day with events.
insert into fresh_known (account_id, role, day)
select
    account_id,
    'crm',
    (created_at at time zone :time_zone)::date
from core.live_account
where created_at is not null and account_id between :first_account and :last_account
union all
select
    account_id,
    'billing',
    (min(at) at time zone :time_zone)::date
from (
    select
        account_link.account_id,
        customer.created_at as at
    from core.account_link
    inner join core.customer
        on account_link.source = customer.source and account_link.source_key = customer.customer_id
    where account_link.object = 'customer'
    union all
    select
        subscription_account.account_id,
        subscription.started_at
    from core.subscription_account
    inner join
        core.subscription
        on
            subscription_account.source = subscription.source
            and subscription_account.subscription_id = subscription.subscription_id
) as billed
where at is not null and account_id between :first_account and :last_account
group by account_id
union all
select
    account_id,
    'support',
    (min(at) at time zone :time_zone)::date
from (
    select
        account_link.account_id,
        organization.created_at as at
    from core.account_link
    inner join core.organization
        on
            account_link.source = organization.source
            and account_link.source_key = organization.organization_id
    where account_link.object = 'organization'
    union all
    select
        ticket_account.account_id,
        ticket.created_at
    from core.ticket_account
    inner join
        core.ticket
        on ticket_account.source = ticket.source and ticket_account.ticket_id = ticket.ticket_id
) as supported
where at is not null and account_id between :first_account and :last_account
group by account_id
union all
select
    account_link.account_id,
    'usage',
    min(usage_day.day)
from core.account_link
inner join core.usage_day
    on
        account_link.source = usage_day.source
        and account_link.source_key = usage_day.account_key
where
    account_link.object = 'group'
    and account_link.account_id between :first_account and :last_account
group by account_link.account_id
