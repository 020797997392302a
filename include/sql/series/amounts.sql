-- Grain: one row per account and touched day on which money fell due, became overdue, was paid or
-- was written off. Re-running replaces these rows.
-- Series: amount_due billing counts blocked by due_unvalued: what fell due that day
-- Series: due_unvalued billing counts: invoices that fell due that day, of unknown amount
-- Series: amount_paid billing counts blocked by paid_unvalued: what was paid that day
-- Series: paid_unvalued billing counts: invoices paid that day, of unknown amount
-- Series: amount_overdue billing changes blocked by overdue_unvalued: change of what is overdue
-- Series: overdue_unvalued billing changes: change of overdue invoices of unknown amount
-- Touched by: invoice up to 2 days on
-- Touched by: payment up to 2 days on
-- Touched by: rate up to 2 days on
-- Major units of the reporting currency. An invoice is valued once, at the rate in force on its due
-- day, and rounded to the currency's digits: what it adds when it becomes overdue it takes away
-- when it is settled. Its amount is unknown in an unknown currency, without a rate in force on that
-- day, or from a size on at which sums would not be exact any more. Late as in invoices.sql. A part
-- payment is what a payment with a date brought before the day on which the invoice was settled: it
-- is paid on its own day and overdue no more from then on. What was paid without one counts when
-- the invoice is settled.
insert into fresh (name, account_id, day, value)
with priced as materialized (
    select
        touched.account_id,
        touched.first_day,
        touched.last_day,
        invoice.source,
        invoice.invoice_id,
        invoice.currency,
        dated.*,
        money.digits,
        price.unit,
        invoice.amount_due_minor * price.unit as due,
        (invoice.amount_due_minor - invoice.amount_remaining_minor) * price.unit as paid
    from touched
    cross join
        lateral (
            select *
            from core.owned_invoice
            where owned_invoice.account_id = touched.account_id
            order by owned_invoice.due_at
            offset 0
        ) as invoice
    cross join
        lateral (
            select
                (invoice.due_at at time zone :time_zone)::date as due_day,
                (invoice.paid_at at time zone :time_zone)::date as paid_day,
                (
                    least(invoice.paid_at, invoice.closed_at) at time zone :time_zone
                )::date as settled_day
        ) as dated
    left join core.money on true
    left join core.currency on invoice.currency = currency.code
    left join core.rate_in_force
        on invoice.currency = rate_in_force.currency and dated.due_day = rate_in_force.day
    cross join
        lateral (
            select
                currency.minor_unit
                * case
                    when invoice.currency = money.currency then 1 else rate_in_force.rate
                end as unit
        ) as price
    where
        dated.due_day between touched.first_day - 2 and touched.last_day
        or dated.paid_day between touched.first_day and touched.last_day
        or dated.settled_day between touched.first_day and touched.last_day
        or exists (
            select 1
            from core.payment
            where
                payment.source = invoice.source
                and payment.invoice_id = invoice.invoice_id
                and payment.occurred_at >= touched.begins
                and payment.occurred_at < touched.ends
        )
),

valued as materialized (
    select
        account_id,
        first_day,
        last_day,
        source,
        invoice_id,
        currency,
        digits,
        unit,
        due_day,
        paid_day,
        settled_day,
        settled_day is null or settled_day > due_day + 1 as is_late,
        case when due < largest.value then round(due, digits) end as due,
        case when due < largest.value then round(paid, digits) end as paid
    from priced
    cross join lateral (select case when digits = 0 then 1e11 else 1e9 end as value) as largest
),

part as (
    select
        valued.*,
        payment.day,
        case
            when valued.due is not null
                then
                    least(round(payment.so_far * valued.unit, valued.digits), valued.paid)
                    - least(round(payment.before * valued.unit, valued.digits), valued.paid)
        end as amount
    from valued
    cross join
        lateral (
            select
                daily.day,
                sum(daily.minor) over earlier as so_far,
                sum(daily.minor) over earlier - daily.minor as before
            from (
                select
                    (payment.occurred_at at time zone :time_zone)::date as day,
                    sum(payment.amount_minor) as minor
                from core.payment
                where
                    payment.source = valued.source
                    and payment.invoice_id = valued.invoice_id
                    and payment.status = 'succeeded'
                    and lower(payment.currency) = valued.currency
                group by day
            ) as daily
            window earlier as (order by daily.day)
        ) as payment
    where payment.day < coalesce(valued.paid_day, valued.settled_day, 'infinity')
),

entry as (
    select
        valued.account_id,
        valued.first_day,
        valued.last_day,
        said.*
    from valued
    cross join
        lateral (
            values
            ('due', valued.due_day, valued.due, 1),
            ('paid', valued.paid_day, valued.paid, 1),
            ('overdue', case when valued.is_late then valued.due_day + 2 end, valued.due, 1),
            ('overdue', case when valued.is_late then valued.settled_day end, valued.due, -1)
        ) as said (event, day, amount, sign)
    union all
    select
        part.account_id,
        part.first_day,
        part.last_day,
        said.*
    from part
    cross join
        lateral (
            select
                part.amount is not null
                and part.is_late
                and part.day < coalesce(part.settled_day, 'infinity') as is_overdue
        ) as verdict
    cross join
        lateral (
            values
            ('paid', part.day, part.amount, 1),
            ('paid', case when part.amount is not null then part.paid_day end, part.amount, -1),
            (
                'overdue',
                case when verdict.is_overdue then greatest(part.day, part.due_day + 2) end,
                part.amount,
                -1
            ),
            ('overdue', case when verdict.is_overdue then part.settled_day end, part.amount, 1)
        ) as said (event, day, amount, sign)
)

select
    case when amount is null then event || '_unvalued' else 'amount_' || event end as name,
    account_id,
    day,
    sum(coalesce(amount, 1) * sign)
from entry
where day between first_day and last_day
group by name, account_id, day
having sum(coalesce(amount, 1) * sign) != 0
