-- Grain: one row per account and day with ticket work. Re-running replaces the account's rows.
-- tickets_opened and solved: counts. solve_hours: sum of hours from creation to solving, on the day
-- of solving. tickets_open, tickets_urgent_open: change of the number of open ones. A solve time
-- that is missing or before the creation is unknown: such a ticket was opened, no more is said.
insert into fresh (name, account_id, day, value)
with ticket as (
    select
        ticket_account.account_id,
        ticket.created_at,
        ticket.priority = 'urgent' as is_urgent,
        case when ticket.solved_at >= ticket.created_at then ticket.solved_at end as solved_at,
        ticket.status not in ('solved', 'closed') as is_open
    from core.ticket
    inner join core.ticket_account using (source, ticket_id)
    where
        ticket.status != 'deleted'
        and ticket_account.account_id between :first_account and :last_account
),

spell as (
    select
        account_id,
        is_urgent,
        (created_at at time zone :time_zone)::date as created_day,
        (solved_at at time zone :time_zone)::date as solved_day,
        extract(epoch from solved_at - created_at) / 3600 as hours,
        case
            when is_open or solved_at is not null then (created_at at time zone :time_zone)::date
        end as open_day
    from ticket
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
        ('tickets_opened', spell.created_day, 1::double precision),
        ('solved', spell.solved_day, 1),
        ('solve_hours', spell.solved_day, spell.hours),
        ('tickets_open', spell.open_day, 1),
        ('tickets_open', spell.solved_day, -1),
        ('tickets_urgent_open', case when spell.is_urgent then spell.open_day end, 1),
        ('tickets_urgent_open', case when spell.is_urgent then spell.solved_day end, -1)
    ) as entry (name, day, value)
where entry.day is not null
group by entry.name, spell.account_id, entry.day
