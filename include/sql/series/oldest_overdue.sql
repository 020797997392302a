-- Grain: one row per account and touched day on which another invoice became its oldest overdue
-- one. Re-running replaces these rows.
-- Series: oldest_overdue_day billing changes: change of the due day of the oldest overdue invoice
-- Touched by: invoice on all days
-- The level is that due day in days since 1970-01-01, 0 where nothing is overdue. Late as in
-- invoices.sql. An invoice is the oldest overdue one from when it is late and all that
-- fell due before it are settled, until it is settled itself; if that is never, it never is.
insert into fresh (name, account_id, day, value)
with late as (
    select
        touched.account_id,
        touched.first_day,
        touched.last_day,
        dated.due_day,
        dated.settled_day,
        max(dated.settled_day) over (
            partition by touched.account_id, touched.first_day
            order by dated.due_day, invoice.source, invoice.invoice_id
            rows between unbounded preceding and 1 preceding
        ) as all_before_settled
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
                coalesce(
                    (least(invoice.paid_at, invoice.closed_at) at time zone :time_zone)::date,
                    'infinity'
                ) as settled_day
        ) as dated
    where dated.settled_day > dated.due_day + 1
)

select
    'oldest_overdue_day',
    late.account_id,
    entry.day,
    sum(entry.sign * (late.due_day - date '1970-01-01'))
from late
cross join
    lateral (
        select greatest(late.due_day + 2, late.all_before_settled) as oldest_from
    ) as spell
cross join
    lateral (
        values (spell.oldest_from, 1), (late.settled_day, -1)
    ) as entry (day, sign)
where
    late.settled_day > spell.oldest_from
    and entry.day < 'infinity'
    and entry.day between late.first_day and late.last_day
group by late.account_id, entry.day
