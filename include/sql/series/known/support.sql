-- Grain: one row per touched account with a linked organisation or ticket. Re-running replaces
-- these rows.
-- Known from: the day of its first linked organisation or ticket at the support desk
-- Touched by: organization on all days
-- Touched by: ticket on all days
insert into fresh_known (account_id, role, day)
select
    supported.account_id,
    'support',
    (min(supported.at) at time zone :time_zone)::date
from (
    select
        touched.account_id,
        organization.created_at as at
    from touched
    inner join core.account_link
        on touched.account_id = account_link.account_id and account_link.object = 'organization'
    inner join core.organization
        on
            account_link.source = organization.source
            and account_link.source_key = organization.organization_id
    union all
    select
        touched.account_id,
        oldest.at
    from touched
    inner join core.account_link
        on touched.account_id = account_link.account_id and account_link.object = 'organization'
    cross join
        lateral (
            select min(ticket.created_at) as at
            from core.ticket
            where
                ticket.source = account_link.source
                and ticket.organization_id = account_link.source_key
        ) as oldest
    union all
    select
        touched.account_id,
        oldest.at
    from touched
    inner join core.account_link
        on touched.account_id = account_link.account_id and account_link.object = 'requester'
    cross join
        lateral (
            select min(ticket.created_at) as at
            from core.ticket
            where
                ticket.source = account_link.source
                and ticket.requester_id = account_link.source_key
                and ticket.organization_id is null
        ) as oldest
) as supported
where supported.at is not null
group by supported.account_id
