-- Grain: one row per HubSpot company. Re-running changes nothing; account_id never changes, and
-- none is used up by a company that has one.
merge into core.account as account
using (
    select
        record_id,
        properties ->> 'name' as name,
        nullif(lower(trim(properties ->> 'domain')), '') as domain,
        core.listed_domains(properties ->> 'hs_additional_domains') as additional_domains,
        nullif(properties ->> :segment, '') as segment,
        nullif(properties ->> 'hubspot_owner_id', '') as owner_id,
        nullif(properties ->> 'hs_parent_company_id', '') as parent_id,
        core.to_number(properties ->> :arr) as arr,
        core.to_day(properties ->> :renewal_date) as renewal_date,
        nullif(properties ->> :tenant_key, '') as tenant_key,
        properties ->> 'lifecyclestage' as lifecycle,
        coalesce(
            string_to_array(nullif(properties ->> 'hs_merged_object_ids', ''), ';'), '{}'
        ) as merged_ids,
        core.to_time(payload ->> 'createdAt') as created_at,
        case
            when (payload ->> 'archived')::boolean
                then coalesce(core.to_time(payload ->> 'archivedAt'), observed_at)
        end as archived_at
    from raw.accepted
    cross join lateral (select payload -> 'properties' as properties) as entered
    where stream_id = :stream_id
) as company
    on account.source = :source and account.source_account_id = company.record_id
when matched then
    update
        set
            name = company.name,
            domain = company.domain,
            additional_domains = company.additional_domains,
            segment = company.segment,
            owner_id = company.owner_id,
            parent_source_account_id = company.parent_id,
            arr = company.arr,
            currency = :currency,
            renewal_date = company.renewal_date,
            tenant_key = company.tenant_key,
            lifecycle = company.lifecycle,
            merged_ids = company.merged_ids,
            created_at = company.created_at,
            archived_at = company.archived_at
when not matched then insert (
    source, source_account_id, name, domain, additional_domains, segment, owner_id,
    parent_source_account_id, arr, currency, renewal_date, tenant_key, lifecycle, merged_ids,
    created_at, archived_at
)
values (
    :source, company.record_id, company.name, company.domain, company.additional_domains,
    company.segment, company.owner_id, company.parent_id, company.arr, :currency,
    company.renewal_date, company.tenant_key, company.lifecycle, company.merged_ids,
    company.created_at, company.archived_at
)
