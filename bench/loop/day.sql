-- The 15 readings of the accounts that are customers on :day, from the facts of its windows. Usage
-- is scanned once, by day, and each day is a bit; what is distinct is counted by a hash of pairs.
with customer as (
    select term.account_id
    from core.term
    where term.spans @> :day
),

used as materialized (
    select
        link.account_id,
        usage_day.day,
        usage_day.events,
        case when usage_day.day > :day - 28 then usage_day.users end as users,
        case when usage_day.day > :day - 28 then usage_day.features end as features
    from core.usage_day
    inner join core.account_link as link
        on
            usage_day.source = link.source
            and usage_day.account_key = link.source_key
            and link.object = 'group'
    where usage_day.day > :day - 90 and usage_day.day <= :day
),

events as (
    select
        account_id,
        coalesce(sum(events) filter (where day > :day - 28), 0)::float8 as events_28,
        coalesce(
            sum(events) filter (where day <= :day - 28 and day > :day - 56), 0
        )::float8 as events_28_before,
        sum(events)::float8 as events_90,
        coalesce(
            bit_count(
                bit_or(1::bigint << (:day - day)) filter (where day > :day - 28 and events != 0)
                ::bit(64)
            ), 0
        ) as days_28,
        max(day) filter (where events != 0) as last_day
    from used
    group by account_id
),

people as (
    select
        account_id,
        count(*) as users_28
    from (
        select distinct
            used.account_id,
            member
        from used
        cross join unnest(used.users) as member
    ) as pair
    group by account_id
),

breadth as (
    select
        account_id,
        count(*) as features_28
    from (
        select distinct
            used.account_id,
            member
        from used
        cross join unnest(used.features) as member
    ) as pair
    group by account_id
),

tickets as (
    select
        link.account_id,
        count(*) filter (
            where ticket.created_at >= :day - 29 and ticket.created_at < :day + 1
        ) as opened_30,
        count(*) filter (
            where
                ticket.priority = 'urgent'
                and ticket.created_at < :day + 1
                and (ticket.solved_at is null or ticket.solved_at >= :day + 1)
        ) as urgent_open,
        count(*) filter (
            where ticket.solved_at >= :day - 89 and ticket.solved_at < :day + 1
        ) as solved_90,
        coalesce(
            sum(extract(epoch from ticket.solved_at - ticket.created_at)) filter (
                where ticket.solved_at >= :day - 89 and ticket.solved_at < :day + 1
            ), 0
        )::float8 / 3600 as hours_90
    from core.ticket
    inner join core.account_link as link
        on
            ticket.source = link.source
            and ticket.organization_id = link.source_key
            and link.object = 'organization'
    where
        ticket.created_at < :day + 1
        and (ticket.solved_at is null or ticket.solved_at >= :day - 89
            or ticket.created_at >= :day - 29)
    group by link.account_id
),

ratings as (
    select
        link.account_id,
        count(*) as answered_90,
        count(*) filter (where survey_response.is_good) as good_90
    from core.survey_response
    inner join core.ticket using (source, ticket_id)
    inner join core.account_link as link
        on
            ticket.source = link.source
            and ticket.organization_id = link.source_key
            and link.object = 'organization'
    where survey_response.occurred_at >= :day - 89 and survey_response.occurred_at < :day + 1
    group by link.account_id
),

invoices as (
    select
        account_id,
        count(*) filter (where due_day > :day - 181) as due_180,
        count(*) filter (where is_late and due_day <= :day - 2) as late_180
    from loop_invoice
    where due_day > :day - 182 and due_day <= :day - 1
    group by account_id
),

meetings as (
    select
        source_account_id,
        max(occurred_at) filter (where kind = 'review')::date as review_day,
        count(*) filter (where occurred_at >= :day - 89) as meetings_90
    from core.touch
    where is_held and occurred_at < :day + 1
    group by source_account_id
),

pulses as (
    select distinct on (source_account_id)
        source_account_id,
        value
    from core.manual_input
    where measure = 'pulse' and occurred_at >= :day - 120 and occurred_at < :day + 1
    order by source_account_id asc, occurred_at desc
)

insert into health.reading
(account_id, as_of, scorecard_id, basis, revision, run_no, digest, readings)
select
    known.account_id,
    :day,
    :card,
    'live',
    0,
    1,
    0,
    array[
        coalesce(case
            when :day >= known.usage + 27
                then coalesce(people.users_28, 0) / nullif(seats.seats, 0)::float8
        end, 'NaN'::float8),
        coalesce(case when :day >= known.usage + 27 then coalesce(events.days_28, 0) end, 'NaN'::float8),
        coalesce(case
            when :day >= known.usage + 55
                then coalesce(events.events_28, 0) / nullif(events.events_28_before, 0)
        end, 'NaN'::float8),
        coalesce(case when :day >= known.usage + 27 then coalesce(breadth.features_28, 0) end, 'NaN'::float8),
        coalesce(case
            when :day >= known.usage then :day - coalesce(
                events.last_day,
                (
                    select max(earlier.day)
                    from core.usage_day as earlier
                    inner join core.account_link as link
                        on
                            earlier.source = link.source
                            and earlier.account_key = link.source_key
                            and link.object = 'group'
                    where
                        link.account_id = known.account_id
                        and earlier.day <= :day
                        and earlier.events != 0
                ),
                known.usage
            )
        end, 'NaN'::float8),
        coalesce(case when :day >= known.support + 29 then coalesce(tickets.opened_30, 0) end, 'NaN'::float8),
        coalesce(case when :day >= known.support then coalesce(tickets.urgent_open, 0) end, 'NaN'::float8),
        coalesce(case
            when :day >= known.support
                then ratings.good_90 / nullif(ratings.answered_90, 0)::float8
        end, 'NaN'::float8),
        coalesce(case
            when :day >= known.support then tickets.hours_90 / nullif(tickets.solved_90, 0)
        end, 'NaN'::float8),
        coalesce(case when :day >= known.billing then coalesce(:day - arrears.from_day + 1, 0) end, 'NaN'::float8),
        coalesce(case
            when :day >= known.billing + 1
                then invoices.late_180 / nullif(invoices.due_180, 0)::float8
        end, 'NaN'::float8),
        coalesce(case
            when :day >= known.crm then :day - coalesce(meetings.review_day, known.crm)
        end, 'NaN'::float8),
        coalesce(case when :day >= known.crm + 89 then coalesce(meetings.meetings_90, 0) end, 'NaN'::float8),
        coalesce(case when :day >= known.crm then pulses.value end, 'NaN'::float8),
        coalesce(case when :day >= known.usage + 89 then coalesce(events.events_90, 0) end, 'NaN'::float8)
    ]::float8 []
from customer
inner join loop_known as known on customer.account_id = known.account_id
left join loop_seats as seats
    on known.account_id = seats.account_id and :day >= seats.from_day and :day < seats.to_day
left join loop_arrears as arrears
    on
        known.account_id = arrears.account_id
        and :day >= arrears.from_day
        and (arrears.to_day is null or :day < arrears.to_day)
left join events on known.account_id = events.account_id
left join people on known.account_id = people.account_id
left join breadth on known.account_id = breadth.account_id
left join tickets on known.account_id = tickets.account_id
left join ratings on known.account_id = ratings.account_id
left join invoices on known.account_id = invoices.account_id
left join meetings on known.source_account_id = meetings.source_account_id
left join pulses on known.source_account_id = pulses.source_account_id
