-- Grain: one row per Stripe invoice that was ever due: drafts are no invoices yet. Re-running
-- changes nothing. seats: of the subscription's lines, with the period that they pay for.
-- recurring_minor: of the same lines.
-- closed_at: voided or written off. attempts, next_attempt_at, dunning: how collecting stands.
-- Reads the places of the basil versions, then the older ones.
-- The payload is taken apart once, since each look into a compressed one unpacks all of it.
insert into core.invoice (
    source, invoice_id, customer_id, subscription_id, status, currency, amount_due_minor,
    amount_remaining_minor, seats, period_start, period_end, created_at, due_at, paid_at,
    closed_at, recurring_minor, attempts, next_attempt_at, dunning
)
select
    :source,
    record_id,
    sent.customer,
    coalesce(
        sent.parent -> 'subscription_details' ->> 'subscription',
        sent.subscription
    ),
    sent.status,
    lower(sent.currency),
    core.to_number(sent.amount_due) * coalesce(vendor_unit.factor, 1),
    core.to_number(sent.amount_remaining) * coalesce(vendor_unit.factor, 1),
    line.seats,
    line.period_start,
    line.period_end,
    core.from_epoch(sent.created),
    coalesce(
        core.from_epoch(sent.due_date),
        core.from_epoch(sent.status_transitions ->> 'finalized_at'),
        core.from_epoch(sent.created)
    ),
    core.from_epoch(sent.status_transitions ->> 'paid_at'),
    coalesce(
        core.from_epoch(sent.status_transitions ->> 'voided_at'),
        core.from_epoch(sent.status_transitions ->> 'marked_uncollectible_at')
    ),
    line.amount * coalesce(vendor_unit.factor, 1),
    core.to_number(sent.attempt_count),
    core.from_epoch(sent.next_payment_attempt),
    core.stripe_dunning(
        sent.status,
        sent.collection_method,
        core.to_number(sent.attempt_count),
        sent.next_payment_attempt
    )
from raw.accepted
cross join
    lateral jsonb_to_record(payload) as sent (
        customer text,
        subscription text,
        status text,
        collection_method text,
        currency text,
        amount_due text,
        amount_remaining text,
        created text,
        due_date text,
        attempt_count text,
        next_payment_attempt text,
        parent jsonb,
        status_transitions jsonb,
        lines jsonb
    )
cross join
    lateral (
        select
            sum(core.to_number(entry ->> 'quantity')) as seats,
            sum(core.to_number(entry ->> 'amount')) as amount,
            min(core.from_epoch(entry -> 'period' ->> 'start')) as period_start,
            max(core.from_epoch(entry -> 'period' ->> 'end')) as period_end
        from raw.elements(sent.lines -> 'data') as entry
        where
            coalesce(
                entry -> 'parent' -> 'subscription_item_details' ->> 'proration',
                entry ->> 'proration',
                'false'
            ) = 'false'
    ) as line
left join core.vendor_unit
    on vendor_unit.vendor = 'stripe' and vendor_unit.code = lower(sent.currency)
where
    stream_id = :stream_id
    and sent.status != 'draft'
    and core.from_epoch(sent.created) is not null
on conflict (source, invoice_id) do update set
    customer_id = excluded.customer_id,
    subscription_id = excluded.subscription_id,
    status = excluded.status,
    currency = excluded.currency,
    amount_due_minor = excluded.amount_due_minor,
    amount_remaining_minor = excluded.amount_remaining_minor,
    seats = excluded.seats,
    period_start = excluded.period_start,
    period_end = excluded.period_end,
    created_at = excluded.created_at,
    due_at = excluded.due_at,
    paid_at = excluded.paid_at,
    closed_at = excluded.closed_at,
    recurring_minor = excluded.recurring_minor,
    attempts = excluded.attempts,
    next_attempt_at = excluded.next_attempt_at,
    dunning = excluded.dunning
