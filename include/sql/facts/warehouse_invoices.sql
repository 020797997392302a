-- Grain: one row per invoice of a warehouse that was ever due: drafts are no invoices yet.
-- Re-running changes nothing. Without a status of its own one with a time of payment is paid, one
-- that was closed is void, and any other open; without an amount that remains, all of it does or
-- nothing. It is due when it was created unless it says otherwise.
insert into core.invoice (
    source, invoice_id, customer_id, subscription_id, status, currency, amount_due_minor,
    amount_remaining_minor, seats, period_start, period_end, created_at, due_at, paid_at, closed_at
)
select
    :source,
    record_id,
    payload ->> 'account_key',
    payload ->> 'subscription_id',
    entry.status,
    money.code,
    round(core.to_number(payload ->> 'amount_due') * coalesce(unit.factor, 1)),
    round(
        coalesce(
            core.to_number(payload ->> 'amount_remaining'),
            case when entry.status = 'open' then core.to_number(payload ->> 'amount_due') else 0 end
        )
        * coalesce(unit.factor, 1)
    ),
    core.to_number(payload ->> 'seats'),
    core.to_time(payload ->> 'period_start'),
    core.to_time(payload ->> 'period_end'),
    core.to_time(payload ->> 'created_at'),
    coalesce(core.to_time(payload ->> 'due_at'), core.to_time(payload ->> 'created_at')),
    core.to_time(payload ->> 'paid_at'),
    core.to_time(payload ->> 'closed_at')
from raw.accepted
cross join
    lateral (select lower(coalesce(nullif(payload ->> 'currency', ''), :currency)) as code) as money
cross join
    lateral (
        select
            coalesce(
                lower(payload ->> 'status'),
                case
                    when payload ->> 'paid_at' is not null then 'paid'
                    when payload ->> 'closed_at' is not null then 'void'
                    else 'open'
                end
            ) as status
    ) as entry
left join
    lateral (
        select
            cast(10 as numeric) ^ (
                currency.minor_digits
                - case when cast(:is_major as boolean) then 0 else currency.iso_digits end
            ) as factor
        from core.currency
        where currency.code = money.code
    ) as unit
    on true
where stream_id = :stream_id and entry.status != 'draft'
on conflict (source, invoice_id) do update set
    customer_id = excluded.customer_id,
    subscription_id = excluded.subscription_id,
    status = excluded.status,
    currency = excluded.currency,
    amount_due_minor = excluded.amount_due_minor,
    amount_remaining_minor = excluded.amount_remaining_minor,
    seats = excluded.seats,
    period_start = excluded.period_start,
    period_end = excluded.period_end,
    created_at = excluded.created_at,
    due_at = excluded.due_at,
    paid_at = excluded.paid_at,
    closed_at = excluded.closed_at
