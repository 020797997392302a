-- Grain: one row per Intercom contact. Re-running changes nothing. Of several companies none is the
-- contact's own.
insert into core.requester (source, requester_id, email, organization_id)
select
    :source,
    accepted.record_id,
    nullif(lower(trim(accepted.payload ->> 'email')), ''),
    employer.only_one
from raw.accepted
cross join
    lateral (
        select case when count(*) = 1 then min(company ->> 'id') end as only_one
        from raw.elements(accepted.payload -> 'companies' -> 'data') as company
        where coalesce(accepted.payload -> 'companies' ->> 'has_more', 'false') = 'false'
    ) as employer
where accepted.stream_id = :stream_id
on conflict (source, requester_id) do update set
    email = excluded.email,
    organization_id = excluded.organization_id
