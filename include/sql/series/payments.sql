-- Grain: one row per account and touched day with payments. Re-running replaces these rows.
-- Series: payments_made billing counts: payments that went through that day
-- Series: payments_failed billing counts: attempts to pay that failed that day
-- Series: payments_refunded billing counts: payments given back that day, in part or in full
-- Touched by: payment on its days
-- A payment belongs to its invoice's account, else to its customer's. Each failed attempt counts.
insert into fresh (name, account_id, day, value)
select
    case paid.status
        when 'succeeded' then 'payments_made'
        when 'failed' then 'payments_failed'
        else 'payments_refunded'
    end as name,
    touched.account_id,
    dated.day,
    count(*)
from touched
cross join
    lateral (
        select *
        from core.owned_payment
        where owned_payment.account_id = touched.account_id
        order by owned_payment.occurred_at
        offset 0
    ) as paid
cross join lateral (select (paid.occurred_at at time zone :time_zone)::date as day) as dated
where
    paid.status != 'pending'
    and dated.day between touched.first_day and touched.last_day
group by name, touched.account_id, dated.day
