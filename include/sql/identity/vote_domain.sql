-- Grain: one row per object with a domain that is some account's. Once a linking. owners: the live
-- accounts with that domain. It is contradicted by every other account to which a stronger rule
-- linked an organisation or customer of that domain, and for one address by the CRM knowing it as
-- contact of another account only. More than :max_accounts of both: everybody's.
with owned as (
    select
        domain.registrable,
        array_agg(distinct account_domain.account_id order by account_domain.account_id) as owners
    from core.account_domain
    inner join core.domain on account_domain.entered = domain.entered
    where domain.registrable is not null and not domain.is_shared
    group by domain.registrable
),

hosted as (
    select
        linkable.object_no,
        linkable.object,
        linkable.address,
        domain.registrable
    from linkable
    inner join core.domain on linkable.host = domain.entered
    where domain.registrable is not null and not domain.is_shared
    union
    select
        linkable.object_no,
        linkable.object,
        null,
        domain.registrable
    from core.organization
    cross join unnest(organization.domains) as claimed (host)
    inner join core.domain on claimed.host = domain.entered
    inner join linkable
        on
            organization.source = linkable.source
            and linkable.object = 'organization'
            and organization.organization_id = linkable.source_key
    where domain.registrable is not null and not domain.is_shared
),

seen as (
    select distinct
        hosted.registrable,
        decided.account_id
    from hosted
    inner join decided on hosted.object_no = decided.object_no
    where decided.account_id > 0 and hosted.object in ('organization', 'customer')
),

claimed as (
    select
        claimant.registrable,
        array_agg(distinct claimant.account_id order by claimant.account_id) as accounts
    from (
        select
            owned.registrable,
            owners.account_id
        from owned
        cross join unnest(owned.owners) as owners (account_id)
        union all
        select
            seen.registrable,
            seen.account_id
        from seen
        inner join owned on seen.registrable = owned.registrable
    ) as claimant
    group by claimant.registrable
)

insert into vote (object_no, rule, accounts)
select
    hosted.object_no,
    :rule,
    (array_agg(distinct named.account_id order by named.account_id))[1:11]
from hosted
inner join owned on hosted.registrable = owned.registrable
inner join claimed on hosted.registrable = claimed.registrable
left join decided on hosted.object_no = decided.object_no
left join contact_claim
    on hosted.address = contact_claim.address and cardinality(contact_claim.accounts) = 1
cross join
    unnest(
        case
            when decided.object_no is not null then owned.owners
            else claimed.accounts || coalesce(contact_claim.accounts, '{}')
        end
    ) as named (account_id)
where cardinality(claimed.accounts) <= :max_accounts
group by hosted.object_no
