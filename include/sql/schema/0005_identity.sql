-- Which keys and domains name exactly one account. Re-run: refused by Alembic.

-- Every host name seen in domains and e-mail addresses, reduced once by the public-suffix list.
-- registrable: NULL where the name is none. is_shared: free mail and other names of many owners.
create table core.domain (
    entered text primary key,
    registrable text,
    is_shared boolean not null
);

-- The accounts that exist in the CRM today: neither archived nor merged into another one.
create view core.live_account as
select account.*
from core.account
where
    account.archived_at is null
    and not exists (
        select 1
        from core.account as winner
        where winner.source = account.source and account.source_account_id = any(winner.merged_ids)
    );

-- A strong key names one account or it is no key: the CRM's id, ids merged into it, the tenant key.
create view core.strong_key as
select
    named.key,
    min(named.account_id) as account_id
from (
    select
        source_account_id as key,
        account_id
    from core.live_account
    union all
    select
        unnest(merged_ids),
        account_id
    from core.live_account
    union all
    select
        tenant_key,
        account_id
    from core.live_account
    where tenant_key is not null
) as named
group by named.key
having count(distinct named.account_id) = 1;

-- A domain is evidence only where exactly one live account has it and nobody shares it.
create view core.domain_owner as
select
    domain.registrable,
    min(live_account.account_id) as account_id
from core.live_account
inner join core.domain on live_account.domain = domain.entered
where domain.registrable is not null and not domain.is_shared
group by domain.registrable
having count(distinct live_account.account_id) = 1;

-- An e-mail address is evidence where the CRM knows it as contact of exactly one live account.
create view core.contact_owner as
select
    contact.email,
    min(live_account.account_id) as account_id
from core.contact
inner join core.live_account
    on
        contact.source = live_account.source
        and contact.source_account_id = live_account.source_account_id
where contact.email is not null
group by contact.email
having count(distinct live_account.account_id) = 1;

-- Which account each ticket, invoice and subscription belongs to; no row where nobody is linked.
create view core.ticket_account as
select
    ticket.source,
    ticket.ticket_id,
    coalesce(organization_link.account_id, requester_link.account_id) as account_id
from core.ticket
left join core.account_link as organization_link
    on
        ticket.source = organization_link.source
        and organization_link.object = 'organization'
        and ticket.organization_id = organization_link.source_key
left join core.account_link as requester_link
    on
        ticket.source = requester_link.source
        and requester_link.object = 'requester'
        and ticket.requester_id = requester_link.source_key
        and ticket.organization_id is null
where coalesce(organization_link.account_id, requester_link.account_id) is not null;

create view core.subscription_account as
select
    subscription.source,
    subscription.subscription_id,
    coalesce(own_link.account_id, customer_link.account_id) as account_id
from core.subscription
left join core.account_link as own_link
    on
        subscription.source = own_link.source
        and own_link.object = 'subscription'
        and subscription.subscription_id = own_link.source_key
left join core.account_link as customer_link
    on
        subscription.source = customer_link.source
        and customer_link.object = 'customer'
        and subscription.customer_id = customer_link.source_key
where coalesce(own_link.account_id, customer_link.account_id) is not null;

create view core.invoice_account as
select
    invoice.source,
    invoice.invoice_id,
    coalesce(own_link.account_id, customer_link.account_id) as account_id
from core.invoice
left join core.account_link as own_link
    on
        invoice.source = own_link.source
        and own_link.object = 'subscription'
        and invoice.subscription_id = own_link.source_key
left join core.account_link as customer_link
    on
        invoice.source = customer_link.source
        and customer_link.object = 'customer'
        and invoice.customer_id = customer_link.source_key
where coalesce(own_link.account_id, customer_link.account_id) is not null;

-- Source rows that belong to no account, one row a source, fact and day of counting.
create view core.unmatched as
select
    organization.source,
    'organization' as object,
    organization.organization_id as source_key,
    organization.name as label
from core.organization
where
    organization.deleted_at is null
    and not exists (
        select 1 from core.account_link
        where
            account_link.source = organization.source
            and account_link.object = 'organization'
            and account_link.source_key = organization.organization_id
    )
union all
select
    customer.source,
    'customer',
    customer.customer_id,
    customer.name
from core.customer
where
    not customer.is_deleted
    and not exists (
        select 1 from core.account_link
        where
            account_link.source = customer.source
            and account_link.object = 'customer'
            and account_link.source_key = customer.customer_id
    )
union all
select
    usage_day.source,
    'group',
    usage_day.account_key,
    usage_day.account_key
from core.usage_day
where
    not exists (
        select 1 from core.account_link
        where
            account_link.source = usage_day.source
            and account_link.object = 'group'
            and account_link.source_key = usage_day.account_key
    )
group by usage_day.source, usage_day.account_key
union all
select
    ticket.source,
    'ticket',
    ticket.ticket_id,
    ticket.ticket_id
from core.ticket
where
    ticket.status != 'deleted'
    and not exists (
        select 1 from core.ticket_account
        where ticket_account.source = ticket.source and ticket_account.ticket_id = ticket.ticket_id
    );
