-- Grain: one row per linked subscription and run of days at one price. Re-running in a new
-- transaction gives the same. From the invoices of its periods (void ones are none), each from the
-- start of the period that it pays for; without any, what the subscription says now. While it is
-- paused nothing is paid. NULL unknown.
insert into level (
    account_id, source, subscription_id, days, ends_on, yearly_minor, currency
)
with paid as (
    select
        subscription_account.account_id,
        subscription.source,
        subscription.subscription_id,
        subscription.months,
        subscription.currency,
        calendar.time_zone,
        cast(subscription.started_at at time zone calendar.time_zone as date) as first_day,
        cast(
            coalesce(
                subscription.ended_at,
                case when subscription.status = 'canceled' then subscription.canceled_at end
            ) at time zone calendar.time_zone as date
        ) as end_day,
        subscription.amount_minor * 12.0 / nullif(subscription.months, 0) as yearly_minor,
        cast(subscription.paused_at at time zone calendar.time_zone as date) as paused_on
    from core.subscription_account
    inner join core.subscription
        on
            subscription_account.source = subscription.source
            and subscription_account.subscription_id = subscription.subscription_id
    cross join core.calendar
    where subscription.status not in ('incomplete', 'incomplete_expired')
),

invoiced as (
    select distinct on (paid.source, paid.subscription_id, starts_on)
        paid.source,
        paid.subscription_id,
        cast(invoice.period_start at time zone paid.time_zone as date) as starts_on,
        invoice.recurring_minor * 12.0 / coalesce(
            nullif(paid.months, 0),
            greatest(
                1,
                round(
                    extract(epoch from invoice.period_end - invoice.period_start)
                    / (86400 * 30.4375)
                )
            )
        ) as yearly_minor
    from paid
    inner join core.invoice
        on paid.source = invoice.source and paid.subscription_id = invoice.subscription_id
    where
        invoice.recurring_minor is not null
        and invoice.period_start is not null
        and invoice.status != 'void'
    order by
        paid.source asc, paid.subscription_id asc, starts_on asc, invoice.recurring_minor desc
),

priced as (
    select
        paid.*,
        coalesce(invoiced.yearly_minor, paid.yearly_minor) as yearly,
        case
            when
                row_number() over (
                    partition by paid.source, paid.subscription_id order by invoiced.starts_on
                ) = 1
                then paid.first_day
            else invoiced.starts_on
        end as starts_on
    from paid
    left join invoiced
        on paid.source = invoiced.source and paid.subscription_id = invoiced.subscription_id
    where
        invoiced.starts_on is null
        or invoiced.starts_on
        < coalesce(least(paid.end_day, paid.paused_on), cast('infinity' as date))
    union all
    select
        paid.*,
        0,
        paid.paused_on
    from paid
    where
        paid.paused_on > paid.first_day
        and (paid.end_day is null or paid.paused_on < paid.end_day)
),

changed as (
    select *
    from (
        select
            *,
            coalesce(
                lag(yearly) over by_start is distinct from yearly, true
            ) or lag(starts_on) over by_start is null as is_change
        from priced
        window by_start as (partition by source, subscription_id order by starts_on)
    ) as compared
    where is_change
),

lasting as (
    select
        *,
        coalesce(
            lead(starts_on) over (partition by source, subscription_id order by starts_on), end_day
        ) as stops_on
    from changed
)

select
    account_id,
    source,
    subscription_id,
    daterange(starts_on, stops_on),
    end_day,
    yearly,
    currency
from lasting
where stops_on is null or stops_on > starts_on
