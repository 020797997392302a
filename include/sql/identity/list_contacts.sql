-- Grain: one row per address that the CRM knows, with whose contact it is. Once a linking.
insert into contact_claim (address, accounts)
select
    address,
    (array_agg(distinct account_id order by account_id))[1:11]
from core.contact_address
group by address
