-- Grain: one row per HubSpot contact. Re-running changes nothing. One that is archived is at no
-- company.
insert into core.contact (
    source, contact_id, source_account_id, email, title, buying_role, created_at
)
select
    :source,
    record_id,
    case when coalesce(payload ->> 'archived', '') != 'true' then payload ->> 'company_id' end,
    nullif(lower(trim(payload -> 'properties' ->> 'email')), ''),
    payload -> 'properties' ->> 'jobtitle',
    payload -> 'properties' ->> 'hs_buying_role',
    core.to_time(payload ->> 'createdAt')
from raw.accepted
where stream_id = :stream_id
on conflict (source, contact_id) do update set
    source_account_id = excluded.source_account_id,
    email = excluded.email,
    title = excluded.title,
    buying_role = excluded.buying_role,
    created_at = excluded.created_at
