-- Grain: one row per object and key that it carries, in the order in which they count. Once a
-- linking.
insert into named (object_no, place, key)
select
    linkable.object_no,
    carried.place,
    core.plain_key(carried.key)
from (
    select
        source,
        'organization' as object,
        organization_id as source_key,
        1 as place,
        external_id as key
    from core.organization
    union all
    select
        customer.source,
        'customer',
        customer.customer_id,
        entered.place,
        entered.key
    from core.customer
    cross join unnest(customer.account_keys) with ordinality as entered (key, place)
    union all
    select
        subscription.source,
        'subscription',
        subscription.subscription_id,
        entered.place,
        entered.key
    from core.subscription
    cross join unnest(subscription.account_keys) with ordinality as entered (key, place)
    union all
    select
        source,
        'group',
        account_key,
        1,
        account_key
    from core.usage_group
) as carried
inner join linkable using (source, object, source_key)
where core.plain_key(carried.key) is not null
