-- Grain: one row per account of which a warehouse has a ticket or an answer: what it calls an
-- account stands for an organisation of a support desk, and for who asks and answers there.
-- Re-running changes nothing.
insert into core.organization (source, organization_id, external_id, created_at)
select
    :source,
    payload ->> 'account_key',
    payload ->> 'account_key',
    min(coalesce(core.to_time(payload ->> 'created_at'), core.to_time(payload ->> 'occurred_at')))
from raw.accepted
where stream_id = :stream_id
group by payload ->> 'account_key'
on conflict (source, organization_id) do update set
    created_at = least(organization.created_at, excluded.created_at)
