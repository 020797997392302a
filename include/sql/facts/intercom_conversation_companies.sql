-- Grain: one row per ticket without a company whose contact belongs to exactly one. Re-running
-- changes nothing: who changes employer later leaves the conversations behind.
update core.ticket
set organization_id = requester.organization_id
from core.requester
where
    ticket.source = :source
    and ticket.organization_id is null
    and requester.source = ticket.source
    and requester.requester_id = ticket.requester_id
    and requester.organization_id is not null
