-- Grain: one row per contact. Reads only.
select
    contact.contact_id as record_id,
    raw.days_after(contact.created_at, :latest) as created_days_ahead,
    case
        when contact.source_account_id is not null then account.account_id is not null
    end as account_is_known
from core.contact
left join core.account
    on
        contact.source = account.source
        and contact.source_account_id = account.source_account_id
