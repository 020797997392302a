-- Grain: one row per account and touched day with ticket work. Re-running replaces these rows.
-- Series: tickets_opened support counts: support tickets opened that day
-- Series: tickets_open support changes: change of open tickets
-- Series: tickets_urgent_open support changes: change of open tickets of urgent priority
-- Series: solved support counts: tickets solved that day
-- Series: solve_hours support counts: hours from opening to solving, of the tickets solved that day
-- Touched by: ticket on its days
-- A ticket counts on the days on which it was opened and solved. A solve time that is missing or
-- before the opening is unknown: such a ticket was opened, no more is said. Hours are added up as
-- decimal numbers, so that their sum does not depend on the order.
insert into fresh (name, account_id, day, value)
with ticket as (
    select
        touched.account_id,
        touched.first_day,
        touched.last_day,
        ticket.created_at,
        ticket.solved_at,
        ticket.priority,
        ticket.status
    from touched
    inner join core.account_link
        on touched.account_id = account_link.account_id and account_link.object = 'organization'
    inner join core.ticket
        on
            account_link.source = ticket.source
            and account_link.source_key = ticket.organization_id
            and (
                (touched.begins <= ticket.created_at and touched.ends > ticket.created_at)
                or (touched.begins <= ticket.solved_at and touched.ends > ticket.solved_at)
            )
    union all
    select
        touched.account_id,
        touched.first_day,
        touched.last_day,
        ticket.created_at,
        ticket.solved_at,
        ticket.priority,
        ticket.status
    from touched
    inner join core.account_link
        on touched.account_id = account_link.account_id and account_link.object = 'requester'
    inner join core.ticket
        on
            account_link.source = ticket.source
            and account_link.source_key = ticket.requester_id
            and ticket.organization_id is null
            and (
                (touched.begins <= ticket.created_at and touched.ends > ticket.created_at)
                or (touched.begins <= ticket.solved_at and touched.ends > ticket.solved_at)
            )
),

spell as (
    select
        ticket.account_id,
        ticket.first_day,
        ticket.last_day,
        ticket.priority = 'urgent' as is_urgent,
        ticket.status not in ('solved', 'closed') or solved.at is not null as has_spell,
        (ticket.created_at at time zone :time_zone)::date as created_day,
        (solved.at at time zone :time_zone)::date as solved_day,
        extract(epoch from solved.at - ticket.created_at) / 3600 as hours
    from ticket
    cross join
        lateral (
            select case when ticket.solved_at >= ticket.created_at then ticket.solved_at end as at
        ) as solved
    where ticket.status != 'deleted'
)

select
    entry.name,
    spell.account_id,
    entry.day,
    sum(entry.value)
from spell
cross join
    lateral (
        values
        ('tickets_opened', spell.created_day, 1::numeric),
        ('solved', spell.solved_day, 1),
        ('solve_hours', spell.solved_day, spell.hours),
        ('tickets_open', case when spell.has_spell then spell.created_day end, 1),
        ('tickets_open', spell.solved_day, -1),
        (
            'tickets_urgent_open',
            case when spell.is_urgent and spell.has_spell then spell.created_day end,
            1
        ),
        ('tickets_urgent_open', case when spell.is_urgent then spell.solved_day end, -1)
    ) as entry (name, day, value)
where entry.day between spell.first_day and spell.last_day
group by entry.name, spell.account_id, entry.day
