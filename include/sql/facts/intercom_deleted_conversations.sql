-- Grain: one row per deleted conversation that is a ticket of ours. Re-running changes nothing. It
-- keeps its row with status deleted, and the series leave it out.
update core.ticket
set status = 'deleted'
from raw.accepted
where
    accepted.stream_id = :stream_id
    and ticket.source = :source
    and ticket.ticket_id = accepted.record_id
    and ticket.status != 'deleted'
