-- Grain: one row per Stripe invoice payment that went through. Re-running changes nothing. What is
-- still asked for, or was given up, is no payment.
merge into core.payment as payment
using (
    select
        record_id,
        payload ->> 'invoice' as invoice_id,
        payload -> 'payment' ->> 'payment_intent' as intent_id,
        lower(payload ->> 'currency') as currency,
        payload ->> 'status' = 'paid' as is_paid,
        core.to_number(payload ->> 'amount_paid') * coalesce(vendor_unit.factor, 1) as amount,
        coalesce(
            core.from_epoch(payload -> 'status_transitions' ->> 'paid_at'),
            core.from_epoch(payload ->> 'created')
        ) as occurred_at
    from raw.accepted
    left join core.vendor_unit
        on
            vendor_unit.vendor = 'stripe'
            and vendor_unit.code = lower(payload ->> 'currency')
    where stream_id = :stream_id
) as part
    on payment.source = :source and payment.payment_id = part.record_id
when matched and not part.is_paid then delete
when matched then
    update
        set
            invoice_id = part.invoice_id,
            intent_id = part.intent_id,
            amount_minor = part.amount,
            currency = part.currency,
            occurred_at = part.occurred_at
when not matched and part.is_paid then
    insert (
        source, payment_id, invoice_id, intent_id, status, amount_minor, currency, occurred_at
    )
    values (
        :source, part.record_id, part.invoice_id, part.intent_id, 'succeeded', part.amount,
        part.currency, part.occurred_at
    )
