-- Grain: one row per customer of a billing system that was not deleted. Reads only.
select
    customer.customer_id as record_id,
    raw.days_after(customer.created_at, :latest) as created_days_ahead,
    account_link.source is not null
    or exists (
        select 1
        from core.subscription_account
        inner join
            core.subscription
            on
                subscription_account.source = subscription.source
                and subscription_account.subscription_id = subscription.subscription_id
        where
            subscription.source = customer.source
            and subscription.customer_id = customer.customer_id
    ) as is_linked
from core.customer
left join core.account_link
    on
        customer.source = account_link.source
        and account_link.object = 'customer'
        and customer.customer_id = account_link.source_key
where not customer.is_deleted
