-- Grain: one row per ticket of a warehouse. Re-running changes nothing. Without a status of its own
-- a ticket with a time of solving is solved, and any other open.
insert into core.ticket (
    source, ticket_id, organization_id, priority, status, created_at, solved_at,
    first_reply_minutes
)
select
    :source,
    record_id,
    payload ->> 'account_key',
    lower(payload ->> 'priority'),
    coalesce(
        lower(payload ->> 'status'),
        case when payload ->> 'solved_at' is null then 'open' else 'solved' end
    ),
    core.to_time(payload ->> 'created_at'),
    core.to_time(payload ->> 'solved_at'),
    core.to_number(payload ->> 'first_reply_minutes')
from raw.accepted
where stream_id = :stream_id
on conflict (source, ticket_id) do update set
    organization_id = excluded.organization_id,
    priority = excluded.priority,
    status = excluded.status,
    created_at = excluded.created_at,
    solved_at = excluded.solved_at,
    first_reply_minutes = excluded.first_reply_minutes
