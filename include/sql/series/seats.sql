-- Grain: one row per account and day on which its paid seats changed. Re-running replaces the
-- account's rows. seats: change of seats; what an invoice's period says holds from its start.
insert into fresh (name, account_id, day, value)
with level as (
    select
        subscription_account.account_id,
        subscription.source,
        subscription.subscription_id,
        subscription.started_at as at,
        coalesce(
            (
                select invoice.seats
                from core.invoice
                where
                    invoice.source = subscription.source
                    and invoice.subscription_id = subscription.subscription_id
                    and invoice.seats is not null
                order by invoice.period_start
                limit 1
            ),
            subscription.seats
        ) as seats
    from core.subscription
    inner join
        core.subscription_account
        on
            subscription.source = subscription_account.source
            and subscription.subscription_id = subscription_account.subscription_id
    where subscription.status not in ('incomplete', 'incomplete_expired')
    union all
    select
        subscription_account.account_id,
        invoice.source,
        invoice.subscription_id,
        invoice.period_start,
        invoice.seats
    from core.invoice
    inner join
        core.subscription_account
        on
            invoice.source = subscription_account.source
            and invoice.subscription_id = subscription_account.subscription_id
    inner join core.subscription using (source, subscription_id)
    where
        invoice.seats is not null
        and invoice.period_start > subscription.started_at
        and (subscription.ended_at is null or invoice.period_start < subscription.ended_at)
    union all
    select
        subscription_account.account_id,
        subscription.source,
        subscription.subscription_id,
        subscription.ended_at,
        0
    from core.subscription
    inner join
        core.subscription_account
        on
            subscription.source = subscription_account.source
            and subscription.subscription_id = subscription_account.subscription_id
    where
        subscription.ended_at is not null
        and subscription.status not in ('incomplete', 'incomplete_expired')
),

change as (
    select
        account_id,
        (at at time zone :time_zone)::date as day,
        seats - coalesce(
            lag(seats) over (
                partition by account_id, source, subscription_id order by at asc, seats desc
            ), 0
        ) as seats
    from level
    where seats is not null and account_id between :first_account and :last_account
)

select
    'seats',
    account_id,
    day,
    sum(seats)
from change
group by account_id, day
having sum(seats) != 0
