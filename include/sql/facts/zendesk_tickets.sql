-- Grain: one row per Zendesk ticket. Re-running changes nothing. A deleted ticket keeps its row
-- with status deleted, and the series leave it out. The solve time is the last solve.
insert into core.ticket (
    source, ticket_id, organization_id, requester_id, priority, status, created_at, solved_at,
    first_reply_minutes
)
select
    :source,
    record_id,
    payload ->> 'organization_id',
    payload ->> 'requester_id',
    payload ->> 'priority',
    payload ->> 'status',
    core.to_time(payload ->> 'created_at'),
    core.to_time(payload -> 'metric_set' ->> 'solved_at'),
    core.to_number(payload -> 'metric_set' -> 'reply_time_in_minutes' ->> 'calendar')
from raw.accepted
where
    stream_id = :stream_id
    and core.to_time(payload ->> 'created_at') is not null
on conflict (source, ticket_id) do update set
    organization_id = excluded.organization_id,
    requester_id = excluded.requester_id,
    priority = excluded.priority,
    status = excluded.status,
    created_at = excluded.created_at,
    solved_at = excluded.solved_at,
    first_reply_minutes = excluded.first_reply_minutes
