-- Grain: one row per Intercom conversation in which a contact wrote; what we sent and nobody
-- answered is no ticket. Re-running changes nothing. The solve time is the last close of one that
-- is closed. The company is the one that the conversation names; where it names none, see
-- intercom_conversation_companies, whose choice stays.
insert into core.ticket (
    source, ticket_id, organization_id, requester_id, priority, status, created_at, solved_at,
    first_reply_minutes
)
select
    :source,
    accepted.record_id,
    accepted.payload -> 'company' ->> 'id',
    accepted.payload -> 'contacts' -> 'contacts' -> 0 ->> 'id',
    cast(:priorities as jsonb) ->> lower(accepted.payload ->> 'priority'),
    case
        when
            accepted.payload ->> 'deleted' = 'true'
            or exists (
                select 1
                from raw.stream
                inner join raw.record on stream.stream_id = record.stream_id
                where
                    stream.source = :source
                    and stream.stream = 'deleted_conversations'
                    and record.record_id = accepted.record_id
            )
            then 'deleted'
        when accepted.payload ->> 'state' = 'snoozed' then 'pending'
        else accepted.payload ->> 'state'
    end,
    core.from_epoch(accepted.payload ->> 'created_at'),
    case
        when accepted.payload ->> 'state' = 'closed'
            then core.from_epoch(told.statistics ->> 'last_close_at')
    end,
    coalesce(
        core.to_number(told.statistics ->> 'time_to_admin_reply'),
        extract(
            epoch from core.from_epoch(told.statistics ->> 'first_admin_reply_at')
            - core.from_epoch(accepted.payload ->> 'created_at')
        )
    ) / 60
from raw.accepted
cross join lateral (select accepted.payload -> 'statistics' as statistics) as told
where
    accepted.stream_id = :stream_id
    and core.from_epoch(accepted.payload ->> 'created_at') is not null
    and (
        coalesce(accepted.payload -> 'source' ->> 'delivered_as', '')
        not in ('admin_initiated', 'campaigns_initiated', 'automated')
        or coalesce(
            accepted.payload -> 'first_contact_reply' ->> 'created_at',
            told.statistics ->> 'first_contact_reply_at',
            told.statistics ->> 'last_contact_reply_at',
            accepted.payload -> 'conversation_rating' ->> 'rating'
        ) is not null
    )
on conflict (source, ticket_id) do update set
    organization_id = coalesce(excluded.organization_id, ticket.organization_id),
    requester_id = excluded.requester_id,
    priority = excluded.priority,
    status = excluded.status,
    created_at = excluded.created_at,
    solved_at = excluded.solved_at,
    first_reply_minutes = excluded.first_reply_minutes
