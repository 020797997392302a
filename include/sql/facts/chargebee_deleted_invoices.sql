-- Grain: one row per deleted Chargebee invoice that was known before. Re-running changes nothing.
-- Nobody owes it any more from when it was deleted; what was paid before stays paid.
update core.invoice set
    status = 'void',
    next_attempt_at = null,
    closed_at = coalesce(
        invoice.closed_at, core.from_epoch(payload ->> 'updated_at'), accepted.observed_at
    )
from raw.accepted
where
    accepted.stream_id = :stream_id
    and payload ->> 'deleted' = 'true'
    and invoice.source = :source
    and invoice.invoice_id = accepted.record_id
