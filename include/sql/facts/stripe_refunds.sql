-- Grain: one row per Stripe refund that went through or may still. Re-running changes nothing. A
-- refund that failed or was taken back leaves.
merge into core.payment as payment
using (
    select
        record_id,
        payload ->> 'customer' as customer_id,
        payload ->> 'payment_intent' as intent_id,
        case payload ->> 'status'
            when 'succeeded' then 'refunded'
            when 'pending' then 'pending'
            when 'requires_action' then 'pending'
        end as status,
        core.to_number(payload ->> 'amount') * coalesce(vendor_unit.factor, 1) as amount,
        lower(payload ->> 'currency') as currency,
        core.from_epoch(payload ->> 'created') as occurred_at
    from raw.accepted
    left join core.vendor_unit
        on
            vendor_unit.vendor = 'stripe'
            and vendor_unit.code = lower(payload ->> 'currency')
    where stream_id = :stream_id and core.from_epoch(payload ->> 'created') is not null
) as refund
    on payment.source = :source and payment.payment_id = refund.record_id
when matched and refund.status is null then delete
when matched then
    update
        set
            customer_id = refund.customer_id,
            intent_id = refund.intent_id,
            status = refund.status,
            amount_minor = refund.amount,
            currency = refund.currency,
            occurred_at = refund.occurred_at
when not matched and refund.status is not null then
    insert (
        source, payment_id, customer_id, intent_id, status, amount_minor, currency, occurred_at
    )
    values (
        :source, refund.record_id, refund.customer_id, refund.intent_id, refund.status,
        refund.amount, refund.currency, refund.occurred_at
    )
