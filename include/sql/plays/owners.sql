-- Grain: one row per person of the CRM with an e-mail address who is still there. Reads only.
select
    owner_id,
    name as owner_name,
    email as owner_email
from core.owner
where source = :source and email is not null and not is_archived
order by owner_id desc
