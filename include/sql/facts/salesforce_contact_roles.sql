-- Grain: one row per contact, account and role that it has or had there. Re-running changes
-- nothing. Roles is one text with semicolons. What the first version names counts from the
-- relation's creation, what a later one names from when the record changed.
with told as (
    select
        payload ->> 'ContactId' as contact_id,
        payload ->> 'AccountId' as account,
        core.to_time(payload ->> 'CreatedDate') as created_at,
        coalesce(core.to_time(payload ->> 'SystemModstamp'), observed_at) as changed_at,
        case
            when
                not cast((payload ->> 'IsDeleted') as boolean)
                and coalesce(cast((payload ->> 'IsActive') as boolean), true)
                then array(
                    select distinct
                        trim(
                            both '_' from
                            regexp_replace(lower(part.name), '[^[:alnum:]]+', '_', 'g')
                        )
                    from unnest(string_to_array(payload ->> 'Roles', ';')) as part (name)
                    where part.name ~ '[[:alnum:]]'
                )
            else '{}'
        end as roles
    from raw.accepted
    where stream_id = :stream_id
),

ended as (
    update core.contact_role
    set until = told.changed_at
    from told
    where
        contact_role.source = :source
        and contact_role.contact_id = told.contact_id
        and contact_role.source_account_id = told.account
        and contact_role.role != 'contact'
        and contact_role.until is null
        and contact_role.role != all(told.roles)
)

insert into core.contact_role (source, contact_id, source_account_id, role, since)
select
    :source,
    told.contact_id,
    told.account,
    named.role,
    case
        when before.has_any then told.changed_at
        else coalesce(told.created_at, told.changed_at)
    end
from told
cross join lateral unnest(told.roles) as named (role)
cross join
    lateral (
        select
            count(*) > 0 as has_any,
            coalesce(bool_or(known.until is null and known.role = named.role), false) as is_there
        from core.contact_role as known
        where
            known.source = :source
            and known.contact_id = told.contact_id
            and known.source_account_id = told.account
            and known.role != 'contact'
    ) as before
where not before.is_there
on conflict do nothing
