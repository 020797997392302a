-- Grain: one row per payment. Reads only.
select
    payment.payment_id as record_id,
    payment.amount_minor,
    currency.code is not null as currency_is_known,
    raw.days_after(payment.occurred_at, :latest) as days_ahead,
    case when payment.invoice_id is not null then invoice.invoice_id is not null end
        as invoice_is_known
from core.payment
left join core.currency on payment.currency = currency.code
left join core.invoice
    on payment.source = invoice.source and payment.invoice_id = invoice.invoice_id
