-- Grain: one row per source object that belongs to an account. Re-running refreshes last_seen only.
-- Rules in order, the first that names exactly one account wins: key, contact, domain. What no rule
-- names is not linked; a link that no rule supports any more is removed by identity/drop_links.
with candidate as (
    select
        organization.source,
        'organization' as object,
        organization.organization_id as source_key,
        strong_key.account_id,
        'key' as method,
        1.0 as confidence
    from core.organization
    inner join core.strong_key on organization.external_id = strong_key.key
    union all
    select
        customer.source,
        'customer',
        customer.customer_id,
        strong_key.account_id,
        'key',
        1.0
    from core.customer
    inner join core.strong_key on customer.account_key = strong_key.key
    union all
    select
        subscription.source,
        'subscription',
        subscription.subscription_id,
        strong_key.account_id,
        'key',
        1.0
    from core.subscription
    inner join core.strong_key on subscription.account_key = strong_key.key
    union all
    select
        seen.source,
        'group',
        seen.account_key,
        strong_key.account_id,
        'key',
        1.0
    from (select distinct
        source,
        account_key
    from core.usage_day) as seen
    inner join core.strong_key on seen.account_key = strong_key.key
    union all
    select
        customer.source,
        'customer',
        customer.customer_id,
        contact_owner.account_id,
        'contact',
        0.9
    from core.customer
    inner join core.contact_owner on customer.email = contact_owner.email
    union all
    select
        requester.source,
        'requester',
        requester.requester_id,
        contact_owner.account_id,
        'contact',
        0.9
    from core.requester
    inner join core.contact_owner on requester.email = contact_owner.email
    union all
    select
        organization.source,
        'organization',
        organization.organization_id,
        min(domain_owner.account_id),
        'domain',
        0.8
    from core.organization
    cross join unnest(organization.domains) as claimed (host)
    inner join core.domain on claimed.host = domain.entered
    inner join core.domain_owner on domain.registrable = domain_owner.registrable
    group by organization.source, organization.organization_id
    having count(distinct domain_owner.account_id) = 1
    union all
    select
        customer.source,
        'customer',
        customer.customer_id,
        domain_owner.account_id,
        'domain',
        0.8
    from core.customer
    inner join core.domain on substring(customer.email from '@([^@]+)$') = domain.entered
    inner join core.domain_owner on domain.registrable = domain_owner.registrable
    where not domain.is_shared
    union all
    select
        requester.source,
        'requester',
        requester.requester_id,
        domain_owner.account_id,
        'domain',
        0.8
    from core.requester
    inner join core.domain on substring(requester.email from '@([^@]+)$') = domain.entered
    inner join core.domain_owner on domain.registrable = domain_owner.registrable
    where not domain.is_shared
),

best as (
    select distinct on (source, object, source_key) *
    from candidate
    order by source asc, object asc, source_key asc, confidence desc
)

insert into core.account_link (
    source, object, source_key, account_id, method, confidence, first_seen, last_seen
)
select
    source,
    object,
    source_key,
    account_id,
    method,
    confidence,
    now(),
    now()
from best
on conflict (source, object, source_key) do update set
    account_id = excluded.account_id,
    method = excluded.method,
    confidence = excluded.confidence,
    first_seen = case
        when account_link.account_id = excluded.account_id then account_link.first_seen
        else excluded.first_seen
    end,
    last_seen = excluded.last_seen
