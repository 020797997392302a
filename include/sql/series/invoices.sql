-- Grain: one row per account and touched day on which an invoice fell due, became late or was
-- settled. Re-running replaces these rows.
-- Series: invoices_due billing counts: invoices that fell due that day
-- Series: invoices_late billing counts: invoices that became late that day, two days after due
-- Series: invoices_overdue billing changes: change of late invoices that nobody has settled
-- Touched by: invoice up to 2 days on
-- An invoice is late when it is not settled by the end of the day after its due day: cards take a
-- day. It belongs to its subscription's account, else to its customer's.
insert into fresh (name, account_id, day, value)
select
    entry.name,
    touched.account_id,
    entry.day,
    sum(entry.value)
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
            (least(invoice.paid_at, invoice.closed_at) at time zone :time_zone)::date as settled_day
    ) as dated
cross join
    lateral (
        select dated.settled_day is null or dated.settled_day > dated.due_day + 1 as is_late
    ) as verdict
cross join
    lateral (
        values
        ('invoices_due', dated.due_day, 1::double precision),
        ('invoices_late', case when verdict.is_late then dated.due_day + 2 end, 1),
        ('invoices_overdue', case when verdict.is_late then dated.due_day + 2 end, 1),
        ('invoices_overdue', case when verdict.is_late then dated.settled_day end, -1)
    ) as entry (name, day, value)
where entry.day between touched.first_day and touched.last_day
group by entry.name, touched.account_id, entry.day
