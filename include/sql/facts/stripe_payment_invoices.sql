-- Grain: one row per payment whose invoice is known by its intent since. Re-running changes none.
update core.payment
set invoice_id = named.invoice_id
from (
    select
        source,
        intent_id,
        min(invoice_id) as invoice_id
    from core.invoice_intent
    where source = :source
    group by source, intent_id
) as named
where
    payment.source = named.source
    and payment.intent_id = named.intent_id
    and payment.invoice_id is null
