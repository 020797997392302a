-- Grain: one row per object of any source that can belong to an account. Once a linking.
insert into linkable (object_no, source, object, source_key, keys, address, host)
select
    row_number() over (),
    seen.source,
    seen.object,
    seen.source_key,
    coalesce(seen.keys, '{}'),
    core.plain_address(seen.email),
    substring(seen.email from '@([^@]+)$')
from (
    select
        source,
        'organization' as object,
        organization_id as source_key,
        null as email,
        array[external_id] as keys
    from core.organization
    union all
    select
        source,
        'requester',
        requester_id,
        email,
        null
    from core.requester
    union all
    select
        source,
        'customer',
        customer_id,
        email,
        account_keys
    from core.customer
    union all
    select
        source,
        'subscription',
        subscription_id,
        null,
        account_keys
    from core.subscription
    union all
    select
        source,
        'group',
        account_key,
        null,
        array[account_key]
    from core.usage_group
) as seen
