-- Grain: one row per payment that a waiting Chargebee transaction does not say any more: it was
-- deleted, or it is for other invoices now. Re-running removes nothing more.
delete from core.payment
using raw.accepted
where
    accepted.stream_id = :stream_id
    and payment.source = :source
    and split_part(payment.payment_id, '|', 1) = accepted.record_id
    and not exists (
        select 1
        from core.chargebee_paid(record_id, payload) as paid
        where
            paid.payment_id = payment.payment_id
            and payload ->> 'deleted' is distinct from 'true'
    )
