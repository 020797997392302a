-- Grain: one row per account and day on which an invoice fell due, became late or was settled.
-- Re-running replaces the account's rows. An invoice is late when it is not settled by the end of
-- the day after its due day: cards take a day. invoices_due: on the due day; invoices_late: on the
-- first late day; invoices_overdue: change of the number of late, unsettled ones.
insert into fresh (name, account_id, day, value)
with invoice as (
    select
        invoice_account.account_id,
        (invoice.due_at at time zone :time_zone)::date as due_day,
        (least(invoice.paid_at, invoice.closed_at) at time zone :time_zone)::date as settled_day
    from core.invoice
    inner join
        core.invoice_account
        on
            invoice.source = invoice_account.source
            and invoice.invoice_id = invoice_account.invoice_id
    where
        invoice.amount_due_minor > 0
        and invoice_account.account_id between :first_account and :last_account
)

select
    entry.name,
    invoice.account_id,
    entry.day,
    sum(entry.value)
from invoice
cross join
    lateral (
        select invoice.settled_day is null or invoice.settled_day > invoice.due_day + 1 as is_late
    ) as verdict
cross join
    lateral (
        values
        ('invoices_due', invoice.due_day, 1::double precision),
        ('invoices_late', case when verdict.is_late then invoice.due_day + 2 end, 1),
        ('invoices_overdue', case when verdict.is_late then invoice.due_day + 2 end, 1),
        ('invoices_overdue', case when verdict.is_late then invoice.settled_day end, -1)
    ) as entry (name, day, value)
where entry.day is not null
group by entry.name, invoice.account_id, entry.day
