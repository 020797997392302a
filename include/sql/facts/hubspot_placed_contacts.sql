-- Grain: one row per HubSpot contact and company that it belongs to since. Re-running adds none.
-- At its first company it counts from its creation on, at a later one from when it left the other;
-- one that was seen without a company, from when it last changed. To be run before its new state is
-- written to core.contact.
insert into core.contact_role (source, contact_id, source_account_id, role, since)
select
    :source,
    record_id,
    payload ->> 'company_id',
    'contact',
    case
        when earlier.is_alone
            then greatest(
                earlier.left_at, coalesce(core.to_time(payload ->> 'updatedAt'), observed_at)
            )
        else coalesce(earlier.left_at, core.to_time(payload ->> 'createdAt'), observed_at)
    end
from raw.accepted
cross join
    lateral (
        select
            max(contact_role.until) as left_at,
            coalesce(bool_or(contact_role.until is null), false) as is_placed,
            exists(
                select 1
                from core.contact
                where
                    contact.source = :source
                    and contact.contact_id = accepted.record_id
                    and contact.source_account_id is null
            ) as is_alone
        from core.contact_role
        where
            contact_role.source = :source
            and contact_role.contact_id = accepted.record_id
            and contact_role.role = 'contact'
    ) as earlier
where
    stream_id = :stream_id
    and payload ->> 'company_id' is not null
    and not coalesce(cast((payload ->> 'archived') as boolean), false)
    and not earlier.is_placed
on conflict do nothing
