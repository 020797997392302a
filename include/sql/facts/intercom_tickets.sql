-- Grain: one row per Intercom ticket of a customer that is no conversation of ours; a conversation
-- that became a ticket keeps its id, and what is known of the conversation says more. Tickets among
-- teammates are nobody's trouble. Re-running changes nothing. The solve time is the last change to
-- the state resolved.
insert into core.ticket (
    source, ticket_id, requester_id, status, created_at, solved_at
)
select
    :source,
    accepted.record_id,
    accepted.payload -> 'contacts' -> 'contacts' -> 0 ->> 'id',
    case
        when accepted.payload ->> 'deleted' = 'true' then 'deleted'
        when accepted.payload ->> 'open' = 'false' then 'closed'
        when stage.word = 'resolved' then 'solved'
        when stage.word = 'waiting_on_customer' then 'pending'
        when stage.word = 'submitted' then 'new'
        else 'open'
    end,
    core.from_epoch(accepted.payload ->> 'created_at'),
    case
        when stage.word = 'resolved' or accepted.payload ->> 'open' = 'false' then resolved.at
    end
from raw.accepted
cross join
    lateral (
        select
            coalesce(
                accepted.payload -> 'ticket_state' ->> 'category',
                accepted.payload ->> 'ticket_state'
            ) as word
    ) as stage
cross join
    lateral (
        select max(core.from_epoch(part ->> 'created_at')) as at
        from raw.elements(accepted.payload -> 'ticket_parts' -> 'ticket_parts') as part
        where
            coalesce(part -> 'ticket_state' ->> 'category', part ->> 'ticket_state') = 'resolved'
    ) as resolved
where
    accepted.stream_id = :stream_id
    and core.from_epoch(accepted.payload ->> 'created_at') is not null
    and coalesce(
        accepted.payload ->> 'category',
        accepted.payload -> 'ticket_type' ->> 'category',
        'Customer'
    ) = 'Customer'
    and not exists (
        select 1
        from raw.stream
        inner join raw.record on stream.stream_id = record.stream_id
        where
            stream.source = :source
            and stream.stream = 'conversations'
            and record.record_id = accepted.record_id
    )
on conflict (source, ticket_id) do update set
    requester_id = excluded.requester_id,
    status = excluded.status,
    created_at = excluded.created_at,
    solved_at = excluded.solved_at
