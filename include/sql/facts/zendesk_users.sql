-- Grain: one row per Zendesk user. Re-running changes nothing.
insert into core.requester (source, requester_id, email, organization_id)
select
    :source,
    record_id,
    nullif(lower(trim(payload ->> 'email')), ''),
    payload ->> 'organization_id'
from raw.accepted
where stream_id = :stream_id
on conflict (source, requester_id) do update set
    email = excluded.email,
    organization_id = excluded.organization_id
