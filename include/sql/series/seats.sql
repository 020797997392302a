-- Grain: one row per account and touched day on which its paid seats changed. Re-running replaces
-- these rows.
-- Series: seats billing changes blocked by seats_unknown: change of paid seats
-- Series: seats_unknown billing changes: change of subscriptions whose seats nobody says
-- Touched by: subscription on all days
-- Touched by: invoice_line on all days
-- What an invoice's period says holds from its start, and so does what the subscription itself said
-- from when we saw it until the first such period. The first seen of the latter counts from the
-- subscription's start; before an invoice that came first nobody said anything. One change moves
-- the next: all days of the account are computed again. While it is paused nothing is paid. A
-- subscription belongs to the account it names, else to its customer's.
insert into fresh (name, account_id, day, value)
with paid as (
    select
        touched.account_id,
        touched.first_day,
        touched.last_day,
        subscription.source,
        subscription.subscription_id,
        subscription.started_at,
        least(subscription.ended_at, subscription.paused_at) as stopped_at
    from touched
    inner join core.account_link
        on touched.account_id = account_link.account_id and account_link.object = 'subscription'
    inner join core.subscription
        on
            account_link.source = subscription.source
            and account_link.source_key = subscription.subscription_id
    where subscription.status not in ('incomplete', 'incomplete_expired')
    union all
    select
        touched.account_id,
        touched.first_day,
        touched.last_day,
        subscription.source,
        subscription.subscription_id,
        subscription.started_at,
        least(subscription.ended_at, subscription.paused_at) as stopped_at
    from touched
    inner join core.account_link
        on touched.account_id = account_link.account_id and account_link.object = 'customer'
    inner join core.subscription
        on
            account_link.source = subscription.source
            and account_link.source_key = subscription.customer_id
    where
        subscription.status not in ('incomplete', 'incomplete_expired')
        and not exists (
            select 1
            from core.account_link as own_link
            where
                own_link.source = subscription.source
                and own_link.object = 'subscription'
                and own_link.source_key = subscription.subscription_id
        )
),

invoiced as materialized (
    select
        paid.*,
        invoice.period_start as said_at,
        invoice.seats
    from paid
    inner join core.invoice
        on paid.source = invoice.source and paid.subscription_id = invoice.subscription_id
    where invoice.seats is not null and invoice.period_start is not null
),

said as (
    select *
    from invoiced
    union all
    select
        paid.*,
        '-infinity' as said_at,
        null as seats
    from paid
    union all
    select
        paid.*,
        case
            when seen.is_first then least(seen.seen_at, paid.started_at) else seen.seen_at
        end as said_at,
        seen.seats
    from paid
    cross join
        lateral (
            select
                seats.seen_at,
                seats.seats,
                row_number() over (order by seats.seen_at) = 1 as is_first
            from core.subscription_seats as seats
            where seats.source = paid.source and seats.subscription_id = paid.subscription_id
        ) as seen
    where
        not exists (
            select 1
            from invoiced
            where
                invoiced.source = paid.source
                and invoiced.subscription_id = paid.subscription_id
                and invoiced.said_at <= seen.seen_at
        )
),

level as (
    select
        account_id,
        first_day,
        last_day,
        source,
        subscription_id,
        greatest(said_at, started_at) as at,
        said_at,
        seats
    from said
    where coalesce(greatest(said_at, started_at) < stopped_at, true)
    union all
    select
        account_id,
        first_day,
        last_day,
        source,
        subscription_id,
        stopped_at,
        'infinity',
        0
    from paid
    where stopped_at > started_at
),

change as (
    select
        level.account_id,
        level.first_day,
        level.last_day,
        (level.at at time zone :time_zone)::date as day,
        number.seats - lag(number.seats, 1, 0) over earlier as seats,
        number.unknown - lag(number.unknown, 1, 0) over earlier as unknown
    from level
    cross join
        lateral (
            select
                coalesce(level.seats, 0) as seats,
                case when level.seats is null then 1 else 0 end as unknown
        ) as number
    window
        earlier as (
            partition by level.source, level.subscription_id, level.first_day
            order by level.at asc, level.said_at asc, level.seats desc
        )
)

select
    entry.name,
    change.account_id,
    change.day,
    sum(entry.value)
from change
cross join
    lateral (
        values ('seats', change.seats), ('seats_unknown', change.unknown)
    ) as entry (name, value)
where change.day between change.first_day and change.last_day
group by entry.name, change.account_id, change.day
having sum(entry.value) != 0
