-- Grain: one row per Salesforce user. Re-running changes nothing.
insert into core.owner (source, owner_id, email, name, is_archived)
select
    :source,
    record_id,
    payload ->> 'Email',
    payload ->> 'Name',
    not coalesce(cast((payload ->> 'IsActive') as boolean), true)
from raw.accepted
where stream_id = :stream_id
on conflict (source, owner_id) do update set
    email = excluded.email,
    name = excluded.name,
    is_archived = excluded.is_archived
