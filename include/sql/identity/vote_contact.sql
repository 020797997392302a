-- Grain: one row per object with an address that the CRM knows as a contact's. Once a linking.
insert into vote (object_no, rule, accounts)
select
    linkable.object_no,
    :rule,
    contact_claim.accounts
from linkable
inner join contact_claim on linkable.address = contact_claim.address
