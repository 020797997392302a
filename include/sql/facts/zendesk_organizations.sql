-- Grain: one row per Zendesk organisation. Re-running changes nothing.
insert into core.organization (
    source, organization_id, name, external_id, domains, created_at, deleted_at
)
select
    :source,
    record_id,
    payload ->> 'name',
    nullif(trim(payload ->> 'external_id'), ''),
    array(
        select lower(domain)
        from jsonb_array_elements_text(coalesce(payload -> 'domain_names', '[]')) as domain
    ),
    core.to_time(payload ->> 'created_at'),
    core.to_time(payload ->> 'deleted_at')
from raw.accepted
where stream_id = :stream_id
on conflict (source, organization_id) do update set
    name = excluded.name,
    external_id = excluded.external_id,
    domains = excluded.domains,
    created_at = excluded.created_at,
    deleted_at = excluded.deleted_at
