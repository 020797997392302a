-- Grain: one row per invoice. Reads only.
select
    invoice.invoice_id as record_id,
    invoice.amount_due_minor,
    invoice.amount_remaining_minor,
    invoice.created_at,
    invoice.paid_at,
    invoice.period_start,
    invoice.period_end,
    customer.customer_id is not null as customer_is_known,
    raw.days_after(invoice.created_at, :latest) as created_days_ahead,
    invoice.status != 'paid' or invoice.paid_at is not null as payment_is_dated,
    case
        when invoice.subscription_id is not null then subscription.subscription_id is not null
    end as subscription_is_known
from core.invoice
left join core.customer
    on invoice.source = customer.source and invoice.customer_id = customer.customer_id
left join core.subscription
    on
        invoice.source = subscription.source
        and invoice.subscription_id = subscription.subscription_id
