-- Grain: one row per owner of a HubSpot portal. Re-running changes nothing.
insert into core.owner (source, owner_id, email, name, is_archived, user_id)
select
    :source,
    record_id,
    payload ->> 'email',
    nullif(concat_ws(' ', payload ->> 'firstName', payload ->> 'lastName'), ''),
    coalesce((payload ->> 'archived')::boolean, false),
    coalesce(payload ->> 'userIdIncludingInactive', payload ->> 'userId')
from raw.accepted
where stream_id = :stream_id
on conflict (source, owner_id) do update set
    email = excluded.email,
    name = excluded.name,
    is_archived = excluded.is_archived,
    user_id = excluded.user_id
