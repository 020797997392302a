-- Grain: one row per currency and day at whose rate an account's amounts were valued, the reporting
-- currency's invoices in one. Reads only, the rates as they stood when the run had ended.
-- used_for: invoices, those that money readings on :as_of look at (due or paid in the last
-- :due_days and :paid_days, overdue in the last :overdue_days; -1: none), or ARR. amount: major
-- units of that currency; value: of the reporting currency; both unknown where they are NULL.
with at_moment as (
    select coalesce(max(finished_at), now()) as loaded_by
    from health.run
    where run_no = :run_no
),

invoice as (
    select
        invoice.currency,
        dated.due_day,
        invoice.amount_due_minor
    from core.owned_invoice as invoice
    cross join
        lateral (
            select
                (invoice.due_at at time zone :time_zone)::date as due_day,
                (invoice.paid_at at time zone :time_zone)::date as paid_day,
                coalesce(
                    (least(invoice.paid_at, invoice.closed_at) at time zone :time_zone)::date,
                    'infinity'
                ) as settled_day
        ) as dated
    where
        invoice.account_id = :account_id
        and (
            (dated.due_day > :as_of - :due_days and dated.due_day <= :as_of)
            or (dated.paid_day > :as_of - :paid_days and dated.paid_day <= :as_of)
            or (
                :overdue_days >= 0
                and dated.due_day + 2 <= :as_of
                and dated.settled_day > greatest(:as_of - :overdue_days, dated.due_day + 1)
            )
        )
),

entry as (
    select
        'invoices' as used_for,
        invoice.currency,
        invoice.due_day as day,
        invoice.amount_due_minor * currency.minor_unit as amount
    from invoice
    left join core.currency on invoice.currency = currency.code
    union all
    select
        'ARR',
        lower(account.currency),
        :as_of,
        account.arr
    from core.account
    where account.account_id = :account_id and account.arr is not null
),

valued as (
    select
        entry.used_for,
        entry.currency,
        entry.amount,
        money.currency as reporting_currency,
        in_force.day as rated_on,
        in_force.source,
        case when coalesce(entry.currency != money.currency, true) then entry.day end as day,
        case
            when entry.currency = money.currency then 1 else in_force.rate
        end as rate,
        case
            when entry.currency = money.currency then entry.amount
            else round(entry.amount * in_force.rate, money.digits)
        end as value
    from entry
    left join core.money on true
    left join
        lateral (
            select
                rate_version.day,
                rate_version.rate,
                rate_version.source
            from core.rate_version
            cross join at_moment
            where
                rate_version.currency = entry.currency
                and rate_version.day between entry.day - money.max_age_days and entry.day
                and rate_version.loaded_at <= at_moment.loaded_by
                and coalesce(rate_version.replaced_at, 'infinity') > at_moment.loaded_by
            order by rate_version.day desc
            limit 1
        ) as in_force
        on entry.currency != money.currency
)

select
    used_for,
    currency,
    reporting_currency,
    rate,
    rated_on,
    source,
    day,
    count(*) as entries,
    sum(amount) as amount,
    case when count(*) = count(value) then sum(value) end as value
from valued
group by used_for, currency, reporting_currency, rate, rated_on, source, day
order by used_for desc, currency asc, day asc
