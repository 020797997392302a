-- Grain: one row per Salesforce account. Re-running changes nothing; account_id never changes, and
-- none is used up by an account that has one. Website is one free text: the first host name in it
-- is the domain, others are additional ones; a person account has none. arr is in the record's
-- currency.
merge into core.account as account
using (
    select
        record_id,
        payload ->> 'Name' as name,
        named.hosts[1] as domain,
        coalesce(named.hosts[2:], '{}') as additional_domains,
        nullif(payload ->> :segment, '') as segment,
        nullif(payload ->> 'OwnerId', '') as owner_id,
        nullif(payload ->> 'ParentId', '') as parent_id,
        core.to_number(payload ->> :arr) as arr,
        lower(coalesce(nullif(payload ->> 'CurrencyIsoCode', ''), :currency)) as currency,
        core.to_day(payload ->> :renewal_date) as renewal_date,
        nullif(payload ->> :tenant_key, '') as tenant_key,
        payload ->> :lifecycle as lifecycle,
        core.to_time(payload ->> 'CreatedDate') as created_at,
        case
            when cast((payload ->> 'IsDeleted') as boolean)
                then coalesce(core.to_time(payload ->> 'SystemModstamp'), observed_at)
        end as archived_at
    from raw.accepted
    cross join
        lateral (
            select
                array(
                    select part.host
                    from (
                        select
                            entry.place,
                            regexp_replace(
                                entry.text, '^([a-z]+://)?(www\.)?|[/?#].*$', '', 'g'
                            ) as host
                        from
                            regexp_split_to_table(
                                lower(trim(payload ->> 'Website')), '[\s,;|]+'
                            ) with ordinality as entry (text, place)
                    ) as part
                    where
                        part.host like '%.%'
                        and coalesce(payload ->> 'IsPersonAccount', 'false') != 'true'
                    order by part.place
                ) as hosts
        ) as named
    where stream_id = :stream_id
) as entered
    on account.source = :source and account.source_account_id = entered.record_id
when matched then
    update
        set
            name = entered.name,
            domain = entered.domain,
            additional_domains = entered.additional_domains,
            segment = entered.segment,
            owner_id = entered.owner_id,
            parent_source_account_id = entered.parent_id,
            arr = entered.arr,
            currency = entered.currency,
            renewal_date = entered.renewal_date,
            tenant_key = entered.tenant_key,
            lifecycle = entered.lifecycle,
            created_at = entered.created_at,
            archived_at = entered.archived_at
when not matched then insert (
    source, source_account_id, name, domain, additional_domains, segment, owner_id,
    parent_source_account_id, arr, currency, renewal_date, tenant_key, lifecycle, created_at,
    archived_at
)
values (
    :source, entered.record_id, entered.name, entered.domain, entered.additional_domains,
    entered.segment, entered.owner_id, entered.parent_id, entered.arr, entered.currency,
    entered.renewal_date, entered.tenant_key, entered.lifecycle, entered.created_at,
    entered.archived_at
)
