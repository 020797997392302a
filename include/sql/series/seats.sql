-- Grain: one row per account and day on which its paid seats changed. Re-running replaces the
-- account's rows. seats: change of seats; what an invoice's period says holds from its start.
insert into fresh (name, account_id, day, value)
with paid as (
    select
        subscription_account.account_id,
        subscription.source,
        subscription.subscription_id,
        subscription.started_at,
        subscription.ended_at,
        subscription.seats
    from core.subscription
    inner join core.subscription_account
        on
            subscription.source = subscription_account.source
            and subscription.subscription_id = subscription_account.subscription_id
    where
        subscription.status not in ('incomplete', 'incomplete_expired')
        and subscription_account.account_id between :first_account and :last_account
),

invoiced as (
    select
        paid.*,
        invoice.period_start,
        invoice.seats as invoiced_seats
    from paid
    inner join core.invoice
        on paid.source = invoice.source and paid.subscription_id = invoice.subscription_id
    where invoice.seats is not null
),

level as (
    (select distinct on (paid.source, paid.subscription_id)
        paid.account_id,
        paid.source,
        paid.subscription_id,
        paid.started_at as at,
        coalesce(invoiced.invoiced_seats, paid.seats) as seats
    from paid
    left join invoiced
        on paid.source = invoiced.source and paid.subscription_id = invoiced.subscription_id
    order by paid.source asc, paid.subscription_id asc, invoiced.period_start asc)
    union all
    select
        account_id,
        source,
        subscription_id,
        period_start,
        invoiced_seats
    from invoiced
    where period_start > started_at and (ended_at is null or period_start < ended_at)
    union all
    select
        account_id,
        source,
        subscription_id,
        ended_at,
        0
    from paid
    where ended_at is not null
),

change as (
    select
        account_id,
        (at at time zone :time_zone)::date as day,
        seats - coalesce(
            lag(seats) over (
                partition by source, subscription_id order by at asc, seats desc
            ), 0
        ) as seats
    from level
    where seats is not null
)

select
    'seats',
    account_id,
    day,
    sum(seats)
from change
group by account_id, day
having sum(seats) != 0
