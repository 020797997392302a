-- Grain: one row per ticket that was not deleted. Reads only.
select
    ticket.ticket_id as record_id,
    ticket.created_at,
    ticket.solved_at,
    ticket.first_reply_minutes,
    raw.days_after(ticket.created_at, :latest) as created_days_ahead,
    raw.days_after(ticket.solved_at, :latest) as solved_days_ahead,
    ticket.status not in ('solved', 'closed') or ticket.solved_at is not null as solve_is_dated,
    case
        when ticket.organization_id is not null then organization.organization_id is not null
    end as organization_is_known,
    case
        when ticket.requester_id is not null then requester.requester_id is not null
    end as requester_is_known
from core.ticket
left join core.organization
    on
        ticket.source = organization.source
        and ticket.organization_id = organization.organization_id
left join core.requester
    on ticket.source = requester.source and ticket.requester_id = requester.requester_id
where ticket.status != 'deleted'
