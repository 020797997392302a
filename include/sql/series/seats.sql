-- Grain: one row per account and touched day on which its paid seats changed. Re-running replaces
-- these rows.
-- Series: seats billing changes: change of paid seats
-- Touched by: subscription on all days
-- Touched by: invoice_line on all days
-- What an invoice's period says holds from its start, so one change moves the next: all days of the
-- account are computed again. While it is paused nothing is paid. A subscription belongs to the
-- account it names, else to its customer's.
insert into fresh (name, account_id, day, value)
with paid as (
    select
        touched.account_id,
        touched.first_day,
        touched.last_day,
        subscription.source,
        subscription.subscription_id,
        subscription.started_at,
        subscription.ended_at,
        subscription.paused_at,
        subscription.seats
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
        subscription.ended_at,
        subscription.paused_at,
        subscription.seats
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
    (
        select distinct on (paid.source, paid.subscription_id, paid.first_day)
            paid.account_id,
            paid.first_day,
            paid.last_day,
            paid.source,
            paid.subscription_id,
            paid.started_at as at,
            coalesce(invoiced.invoiced_seats, paid.seats) as seats
        from paid
        left join invoiced
            on
                paid.source = invoiced.source
                and paid.subscription_id = invoiced.subscription_id
                and paid.first_day = invoiced.first_day
        order by
            paid.source asc,
            paid.subscription_id asc,
            paid.first_day asc,
            invoiced.period_start asc,
            invoiced.invoiced_seats asc
    )
    union all
    select
        account_id,
        first_day,
        last_day,
        source,
        subscription_id,
        period_start,
        invoiced_seats
    from invoiced
    where
        period_start > started_at
        and (ended_at is null or period_start < ended_at)
        and (paused_at is null or period_start < paused_at)
    union all
    select
        account_id,
        first_day,
        last_day,
        source,
        subscription_id,
        stopped.at,
        0
    from paid
    cross join lateral (values (ended_at), (paused_at)) as stopped (at)
    where stopped.at is not null
),

change as (
    select
        account_id,
        first_day,
        last_day,
        (at at time zone :time_zone)::date as day,
        seats - coalesce(
            lag(seats) over (
                partition by source, subscription_id, first_day order by at asc, seats desc
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
where day between first_day and last_day
group by account_id, day
having sum(seats) != 0
