-- Grain: one row an address of somebody at an account: contacts of the CRM, those who write to
-- support, customers of billing, those who answered. Never of our own people. Reads only.
select distinct lower(trim(found.email)) as address
from (
    select contact.email
    from core.contact
    inner join core.account_record using (source, source_account_id)
    where account_record.account_id = :account_id
    union all
    select contact.email
    from core.contact
    inner join core.contact_role using (source, contact_id)
    where (contact_role.source, contact_role.source_account_id) in (
        select
            source,
            source_account_id
        from core.account_record
        where account_id = :account_id
    )
    union all
    select requester.email
    from core.requester
    inner join core.ticket using (source, requester_id)
    inner join core.ticket_account using (source, ticket_id)
    where ticket_account.account_id = :account_id
    union all
    select email
    from core.requester
    where (source, 'organization', organization_id) in (
        select
            source,
            object,
            source_key
        from core.account_link
        where account_id = :account_id
    )
    union all
    select email
    from core.customer
    where (source, 'customer', customer_id) in (
        select
            source,
            object,
            source_key
        from core.account_link
        where account_id = :account_id
    )
    union all
    select email
    from core.owned_answer
    where account_id = :account_id
) as found
where
    found.email like '%@%'
    and lower(trim(found.email)) not in (
        select lower(owner.email) from core.owner
        where owner.email is not null
    )
