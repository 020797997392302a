-- Grain: one row per Intercom company. Re-running changes nothing. One that is no longer listed
-- (deleted, or nobody belongs to it any more) keeps its row, with the time when that was noticed;
-- one that is listed again is there again.
insert into core.organization (
    source, organization_id, name, external_id, domains, created_at, deleted_at
)
select
    :source,
    record_id,
    payload ->> 'name',
    coalesce(
        nullif(trim(payload -> 'custom_attributes' ->> :account_key), ''),
        nullif(trim(payload ->> 'company_id'), '')
    ),
    array(
        select lower(found.host)
        from
            substring(
                trim(payload ->> 'website')
                from '^(?:[a-zA-Z]+://)?(?:[^/@]*@)?([^/:?#\s]+\.[^/:?#\s]+)'
            ) as found (host)
        where found.host is not null
    ),
    core.from_epoch(payload ->> 'created_at'),
    case when payload ->> 'deleted' = 'true' then observed_at end
from raw.accepted
where stream_id = :stream_id
on conflict (source, organization_id) do update set
    name = excluded.name,
    external_id = excluded.external_id,
    domains = excluded.domains,
    created_at = excluded.created_at,
    deleted_at = excluded.deleted_at
