-- Grain: one row per Stripe payment intent and invoice that it pays. Re-running changes nothing.
-- Since 2025-03-31 (basil) only an invoice payment says which invoice an intent is for.
insert into core.invoice_intent (source, intent_id, invoice_id)
select
    :source,
    payload -> 'payment' ->> 'payment_intent',
    payload ->> 'invoice'
from raw.accepted
where
    stream_id = :stream_id
    and payload -> 'payment' ->> 'payment_intent' is not null
    and payload ->> 'invoice' is not null
on conflict do nothing
