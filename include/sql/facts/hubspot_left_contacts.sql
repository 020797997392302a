-- Grain: one row per HubSpot contact that is archived, or is at another company or none. Re-running
-- changes none. HubSpot dates no change of company: it was when the contact last changed.
update core.contact_role
set until = greatest(came.left_at, contact_role.since)
from (
    select
        record_id,
        case
            when not coalesce(cast((payload ->> 'archived') as boolean), false)
                then payload ->> 'company_id'
        end as company_id,
        case
            when coalesce(cast((payload ->> 'archived') as boolean), false)
                then coalesce(core.to_time(payload ->> 'archivedAt'), observed_at)
            else coalesce(core.to_time(payload ->> 'updatedAt'), observed_at)
        end as left_at
    from raw.accepted
    where stream_id = :stream_id
) as came
where
    contact_role.source = :source
    and contact_role.contact_id = came.record_id
    and contact_role.role = 'contact'
    and contact_role.until is null
    and contact_role.source_account_id is distinct from came.company_id
