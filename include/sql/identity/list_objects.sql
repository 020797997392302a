-- Grain: one row per object of any source that can belong to an account. Once a linking.
insert into linkable (object_no, source, object, source_key, address, host)
select
    row_number() over (),
    seen.source,
    seen.object,
    seen.source_key,
    core.plain_address(seen.email),
    substring(seen.email from '@([^@]+)$')
from (
    select
        source,
        'organization' as object,
        organization_id as source_key,
        null as email
    from core.organization
    union all
    select
        source,
        'requester',
        requester_id,
        email
    from core.requester
    union all
    select
        source,
        'customer',
        customer_id,
        email
    from core.customer
    union all
    select
        source,
        'subscription',
        subscription_id,
        null
    from core.subscription
    union all
    select
        source,
        'group',
        account_key,
        null
    from core.usage_group
) as seen
