-- Grain: one row per Salesforce contact. Re-running changes nothing. A deleted one belongs to
-- nobody. buying_role stays empty: core.contact_role says which roles a contact has, and where.
insert into core.contact (source, contact_id, source_account_id, email, title, created_at)
select
    :source,
    record_id,
    case when not cast((payload ->> 'IsDeleted') as boolean) then payload ->> 'AccountId' end,
    nullif(lower(trim(payload ->> 'Email')), ''),
    payload ->> 'Title',
    core.to_time(payload ->> 'CreatedDate')
from raw.accepted
where stream_id = :stream_id
on conflict (source, contact_id) do update set
    source_account_id = excluded.source_account_id,
    email = excluded.email,
    title = excluded.title,
    created_at = excluded.created_at
