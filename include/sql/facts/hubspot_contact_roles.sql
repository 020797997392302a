-- Grain: one row per spell of a HubSpot contact in a buying role at a company. Re-running changes
-- nothing; a spell that its history does not know any more leaves. Without a history the roles of
-- today are those from the contact's creation on.
with came as (
    select
        record_id as contact_id,
        payload
    from raw.accepted
    where stream_id = :stream_id
),

said as (
    select
        came.contact_id,
        entry ->> 'value' as roles,
        core.to_time(entry ->> 'timestamp') as since
    from came
    cross join
        lateral raw.elements(came.payload -> 'propertiesWithHistory' -> 'hs_buying_role') as entry
    union all
    select
        contact_id,
        payload -> 'properties' ->> 'hs_buying_role',
        core.to_time(payload ->> 'createdAt')
    from came
    where payload -> 'propertiesWithHistory' -> 'hs_buying_role' is null
),

held as (
    select
        said.contact_id,
        named.role,
        range_agg(tstzrange(said.since, said.until)) as spells
    from (
        select
            said.*,
            lead(said.since) over (partition by said.contact_id order by said.since) as until
        from said
        where said.since is not null
    ) as said
    cross join
        lateral (
            select trim(both '_' from regexp_replace(lower(word), '[^a-z0-9]+', '_', 'g')) as role
            from unnest(string_to_array(said.roles, ';')) as word
        ) as named
    where named.role not in ('', 'contact')
    group by said.contact_id, named.role
),

fresh as (
    select
        held.contact_id,
        placed.source_account_id,
        held.role,
        lower(spell) as since,
        upper(spell) as until
    from held
    inner join core.contact_role as placed
        on
            placed.source = :source
            and held.contact_id = placed.contact_id
            and placed.role = 'contact'
    cross join
        lateral unnest(
            held.spells * tstzmultirange(tstzrange(placed.since, placed.until))
        ) as spell
),

gone as (
    delete from core.contact_role
    where
        source = :source
        and role != 'contact'
        and contact_id in (select came.contact_id from came)
        and not exists (
            select 1 from fresh
            where
                fresh.contact_id = contact_role.contact_id
                and fresh.source_account_id = contact_role.source_account_id
                and fresh.role = contact_role.role
                and fresh.since = contact_role.since
        )
)

insert into core.contact_role (source, contact_id, source_account_id, role, since, until)
select
    :source,
    contact_id,
    source_account_id,
    role,
    since,
    until
from fresh
on conflict (source, contact_id, source_account_id, role, since) do update set
    until = excluded.until
where contact_role.until is distinct from excluded.until
