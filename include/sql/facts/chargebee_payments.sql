-- Grain: one row per Chargebee transaction and invoice that it is for; one without an invoice where
-- there is none. Re-running changes nothing. An authorization moves no money. A reversal takes
-- money back, as a refund does. A voided payment did not come about.
insert into core.payment (
    source, payment_id, customer_id, invoice_id, status, amount_minor, currency, failure_code,
    occurred_at
)
select
    :source,
    paid.payment_id,
    payload ->> 'customer_id',
    paid.invoice_id,
    case
        when payload ->> 'status' in ('failure', 'late_failure', 'timeout', 'voided') then 'failed'
        when payload ->> 'status' != 'success' then 'pending'
        when payload ->> 'type' in ('refund', 'payment_reversal') then 'refunded'
        else 'succeeded'
    end,
    paid.amount * coalesce(vendor_unit.factor, 1),
    lower(payload ->> 'currency_code'),
    case
        when payload ->> 'status' in ('failure', 'late_failure', 'timeout', 'voided')
            then
                coalesce(
                    payload -> 'error_detail' ->> 'decline_code',
                    payload ->> 'error_code',
                    payload ->> 'status'
                )
    end,
    core.from_epoch(payload ->> 'date')
from raw.accepted
left join core.vendor_unit
    on
        vendor_unit.vendor = 'chargebee'
        and vendor_unit.code = lower(payload ->> 'currency_code')
cross join lateral core.chargebee_paid(accepted.record_id, payload) as paid
where
    stream_id = :stream_id
    and payload ->> 'deleted' is distinct from 'true'
    and payload ->> 'type' != 'authorization'
    and core.from_epoch(payload ->> 'date') is not null
on conflict (source, payment_id) do update set
    customer_id = excluded.customer_id,
    invoice_id = excluded.invoice_id,
    status = excluded.status,
    amount_minor = excluded.amount_minor,
    currency = excluded.currency,
    failure_code = excluded.failure_code,
    occurred_at = excluded.occurred_at
