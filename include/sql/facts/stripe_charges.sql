-- Grain: one row per Stripe charge that failed. Re-running changes nothing. Charges that went
-- through are counted as invoice payments, so each attempt counts once. failure_code: the bank's
-- reason where there is one, else Stripe's.
-- The payload is taken apart once, since each look into a compressed one unpacks all of it.
merge into core.payment as payment
using (
    select
        record_id,
        sent.customer as customer_id,
        sent.payment_intent as intent_id,
        sent.status,
        core.to_number(sent.amount) * coalesce(vendor_unit.factor, 1) as amount,
        lower(sent.currency) as currency,
        coalesce(sent.outcome ->> 'reason', sent.failure_code) as failure_code,
        core.from_epoch(sent.created) as occurred_at
    from raw.accepted
    cross join
        lateral jsonb_to_record(payload) as sent (
            customer text,
            payment_intent text,
            status text,
            amount text,
            currency text,
            failure_code text,
            created text,
            outcome jsonb
        )
    left join core.vendor_unit
        on
            vendor_unit.vendor = 'stripe'
            and vendor_unit.code = lower(sent.currency)
    where stream_id = :stream_id and core.from_epoch(sent.created) is not null
) as charge
    on payment.source = :source and payment.payment_id = charge.record_id
when matched and charge.status != 'failed' then delete
when matched then
    update
        set
            customer_id = charge.customer_id,
            intent_id = charge.intent_id,
            amount_minor = charge.amount,
            currency = charge.currency,
            failure_code = charge.failure_code,
            occurred_at = charge.occurred_at
when not matched and charge.status = 'failed' then
    insert (
        source, payment_id, customer_id, intent_id, status, amount_minor, currency, failure_code,
        occurred_at
    )
    values (
        :source, charge.record_id, charge.customer_id, charge.intent_id, 'failed', charge.amount,
        charge.currency, charge.failure_code, charge.occurred_at
    )
