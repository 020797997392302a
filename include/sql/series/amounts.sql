-- Grain: one row per account and touched day on which money fell due, became overdue, was paid or
-- was written off. Re-running replaces these rows.
-- Series: amount_due billing counts blocked by due_unvalued: what fell due that day
-- Series: due_unvalued billing counts: invoices that fell due that day, of unknown amount
-- Series: amount_paid billing counts blocked by paid_unvalued: what was paid that day
-- Series: paid_unvalued billing counts: invoices paid that day, of unknown amount
-- Series: amount_overdue billing changes blocked by overdue_unvalued: change of what is overdue
-- Series: overdue_unvalued billing changes: change of overdue invoices of unknown amount
-- Touched by: invoice up to 2 days on
-- Touched by: rate up to 2 days on
-- Major units of the reporting currency. An invoice is valued once, at the rate in force on its due
-- day, and rounded to the currency's digits: what it adds when it becomes overdue it takes away
-- when it is settled. Its amount is unknown in an unknown currency, without a rate in force on that
-- day, or from a size on at which sums would not be exact any more. Late as in invoices.sql; part
-- payments bear no date, so that an invoice is overdue in full until it is settled.
insert into fresh (name, account_id, day, value)
with priced as materialized (
    select
        touched.account_id,
        touched.first_day,
        touched.last_day,
        dated.*,
        money.digits,
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
),

valued as materialized (
    select
        account_id,
        first_day,
        last_day,
        due_day,
        paid_day,
        settled_day,
        settled_day is null or settled_day > due_day + 1 as is_late,
        case when due < largest.value then round(due, digits) end as due,
        case when due < largest.value then round(paid, digits) end as paid
    from priced
    cross join lateral (select case when digits = 0 then 1e11 else 1e9 end as value) as largest
)

select
    case
        when entry.amount is null then entry.event || '_unvalued' else 'amount_' || entry.event
    end as name,
    valued.account_id,
    entry.day,
    sum(coalesce(entry.amount, 1) * entry.sign)
from valued
cross join
    lateral (
        values
        ('due', valued.due_day, valued.due, 1),
        ('paid', valued.paid_day, valued.paid, 1),
        ('overdue', case when valued.is_late then valued.due_day + 2 end, valued.due, 1),
        ('overdue', case when valued.is_late then valued.settled_day end, valued.due, -1)
    ) as entry (event, day, amount, sign)
where entry.day between valued.first_day and valued.last_day
group by name, valued.account_id, entry.day
