-- Grain: one row per account and touched day on which an invoice began or ended to fail. Re-running
-- replaces these rows.
-- Series: invoices_failing billing changes: change of invoices whose payment failed, unsettled
-- Touched by: payment on all days
-- Touched by: invoice on all days
-- An invoice fails from the day of its first failed payment until it is paid or closed: it is in
-- dunning, whether the vendor still tries or has given up. One settled on the same day never fails.
insert into fresh (name, account_id, day, value)
with failing as (
    select
        touched.account_id,
        touched.first_day,
        touched.last_day,
        (min(paid.occurred_at) at time zone :time_zone)::date as since,
        (least(invoice.paid_at, invoice.closed_at) at time zone :time_zone)::date as until
    from touched
    cross join
        lateral (
            select *
            from core.owned_payment
            where owned_payment.account_id = touched.account_id
            order by owned_payment.occurred_at
            offset 0
        ) as paid
    inner join core.invoice
        on paid.source = invoice.source and paid.invoice_id = invoice.invoice_id
    where paid.status = 'failed'
    group by
        touched.account_id,
        touched.first_day,
        touched.last_day,
        invoice.source,
        invoice.invoice_id
)

select
    'invoices_failing',
    failing.account_id,
    entry.day,
    sum(entry.sign)
from failing
cross join lateral (values (failing.since, 1), (failing.until, -1)) as entry (day, sign)
where
    coalesce(failing.until > failing.since, true)
    and entry.day between failing.first_day and failing.last_day
group by failing.account_id, entry.day
having sum(entry.sign) != 0
