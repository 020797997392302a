-- Grain: one row per Salesforce contact and account to which it belongs or belonged. Re-running
-- changes nothing. The first account counts from the contact's creation, any other from when the
-- record changed, and so does the first one of a contact that was seen without an account. To be
-- run before its new state is written to core.contact.
with told as (
    select
        record_id,
        case when not cast((payload ->> 'IsDeleted') as boolean) then payload ->> 'AccountId' end
            as account,
        core.to_time(payload ->> 'CreatedDate') as created_at,
        coalesce(core.to_time(payload ->> 'SystemModstamp'), observed_at) as changed_at
    from raw.accepted
    where stream_id = :stream_id
),

ended as (
    update core.contact_role
    set until = told.changed_at
    from told
    where
        contact_role.source = :source
        and contact_role.contact_id = told.record_id
        and contact_role.role = 'contact'
        and contact_role.until is null
        and contact_role.source_account_id is distinct from told.account
)

insert into core.contact_role (source, contact_id, source_account_id, role, since)
select
    :source,
    told.record_id,
    told.account,
    'contact',
    case
        when before.was_seen then told.changed_at
        else coalesce(told.created_at, told.changed_at)
    end
from told
cross join
    lateral (
        select
            count(*) > 0
            or exists (
                select 1
                from core.contact
                where
                    contact.source = :source
                    and contact.contact_id = told.record_id
                    and contact.source_account_id is null
            ) as was_seen,
            coalesce(
                bool_or(role.until is null and role.source_account_id = told.account), false
            ) as is_there
        from core.contact_role as role
        where
            role.source = :source
            and role.contact_id = told.record_id
            and role.role = 'contact'
    ) as before
where told.account is not null and not before.is_there
on conflict do nothing
