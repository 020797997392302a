-- Grain: one row per HubSpot company. Re-running changes nothing; account_id never changes.
insert into core.account (
    source, source_account_id, name, domain, segment, owner_id, parent_source_account_id, arr,
    currency, renewal_date, tenant_key, lifecycle, merged_ids, created_at, archived_at
)
select
    :source,
    record_id,
    properties ->> 'name',
    nullif(lower(trim(properties ->> 'domain')), ''),
    nullif(properties ->> :segment, ''),
    nullif(properties ->> 'hubspot_owner_id', ''),
    nullif(properties ->> 'hs_parent_company_id', ''),
    core.to_number(properties ->> :arr),
    :currency,
    core.to_day(properties ->> :renewal_date),
    nullif(properties ->> :tenant_key, ''),
    properties ->> 'lifecyclestage',
    coalesce(string_to_array(nullif(properties ->> 'hs_merged_object_ids', ''), ';'), '{}'),
    core.to_time(payload ->> 'createdAt'),
    case
        when (payload ->> 'archived')::boolean
            then coalesce(core.to_time(payload ->> 'archivedAt'), observed_at)
    end
from raw.accepted
cross join lateral (select payload -> 'properties' as properties) as company
where stream_id = :stream_id
on conflict (source, source_account_id) do update set
    name = excluded.name,
    domain = excluded.domain,
    segment = excluded.segment,
    owner_id = excluded.owner_id,
    parent_source_account_id = excluded.parent_source_account_id,
    arr = excluded.arr,
    currency = excluded.currency,
    renewal_date = excluded.renewal_date,
    tenant_key = excluded.tenant_key,
    lifecycle = excluded.lifecycle,
    merged_ids = excluded.merged_ids,
    created_at = excluded.created_at,
    archived_at = excluded.archived_at
