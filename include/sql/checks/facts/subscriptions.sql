-- Grain: one row per subscription. Reads only.
select
    subscription.subscription_id as record_id,
    subscription.seats,
    subscription.amount_minor,
    subscription.started_at,
    subscription.ended_at,
    customer.customer_id is not null as customer_is_known,
    raw.days_after(subscription.ended_at, :latest) as ended_days_ahead,
    subscription.status != 'canceled' or subscription.ended_at is not null as end_is_dated
from core.subscription
left join core.customer
    on
        subscription.source = customer.source
        and subscription.customer_id = customer.customer_id
