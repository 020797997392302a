-- Grain: one row per touched account with a linked customer. Re-running replaces these rows.
-- Known from: the day of its first linked customer or subscription in the billing system
-- Touched by: customer on all days
-- Touched by: subscription on all days
insert into fresh_known (account_id, role, day)
select
    billed.account_id,
    'billing',
    (min(billed.at) at time zone :time_zone)::date
from (
    select
        touched.account_id,
        customer.created_at as at
    from touched
    inner join core.account_link
        on touched.account_id = account_link.account_id and account_link.object = 'customer'
    inner join core.customer
        on account_link.source = customer.source and account_link.source_key = customer.customer_id
    union all
    select
        touched.account_id,
        subscription.started_at
    from touched
    inner join core.account_link
        on touched.account_id = account_link.account_id and account_link.object = 'subscription'
    inner join core.subscription
        on
            account_link.source = subscription.source
            and account_link.source_key = subscription.subscription_id
    union all
    select
        touched.account_id,
        subscription.started_at
    from touched
    inner join core.account_link
        on touched.account_id = account_link.account_id and account_link.object = 'customer'
    inner join core.subscription
        on
            account_link.source = subscription.source
            and account_link.source_key = subscription.customer_id
    where
        not exists (
            select 1
            from core.account_link as own_link
            where
                own_link.source = subscription.source
                and own_link.object = 'subscription'
                and own_link.source_key = subscription.subscription_id
        )
) as billed
where billed.at is not null
group by billed.account_id
