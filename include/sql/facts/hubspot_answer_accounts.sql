-- Grain: one row per answer whose contact came, or got a company, after it. Re-running changes
-- none.
update core.survey_response as answer
set
    source_account_id = contact.source_account_id,
    email = coalesce(answer.email, contact.email)
from core.contact
where
    answer.source = :source
    and answer.source_account_id is null
    and contact.source = answer.source
    and contact.contact_id = answer.requester_id
    and contact.source_account_id is not null
