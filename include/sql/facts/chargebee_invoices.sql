-- Grain: one row per Chargebee invoice that is closed: a pending one is no invoice yet. Re-running
-- changes nothing. amount_due_minor: what is, was or should have been paid in money; credits and
-- adjustments are none. seats: of its plans' lines for the first period, which is the one that
-- counts where several are billed in advance; lines that bill a difference in mid-term (delta) say
-- no number of seats. recurring_minor: of the same period, without any line for a part of it.
-- Written off, an invoice says that it is paid: it was closed by its credit note.
insert into core.invoice (
    source, invoice_id, customer_id, subscription_id, status, currency, amount_due_minor,
    amount_remaining_minor, seats, period_start, period_end, created_at, due_at, paid_at,
    closed_at, recurring_minor, attempts, next_attempt_at, dunning
)
select
    :source,
    record_id,
    payload ->> 'customer_id',
    coalesce(payload ->> 'subscription_id', line.subscription_id),
    case
        when stood.is_written_off then 'uncollectible'
        when payload ->> 'status' = 'paid' then 'paid'
        when payload ->> 'status' = 'voided' then 'void'
        else 'open'
    end,
    lower(payload ->> 'currency_code'),
    (stood.due + stood.paid + stood.written_off) * coalesce(vendor_unit.factor, 1),
    (stood.due + stood.written_off) * coalesce(vendor_unit.factor, 1),
    line.seats,
    plan.period_start,
    line.period_end,
    core.from_epoch(payload ->> 'date'),
    coalesce(core.from_epoch(payload ->> 'due_date'), core.from_epoch(payload ->> 'date')),
    case
        when payload ->> 'status' = 'paid' and not stood.is_written_off
            then core.from_epoch(payload ->> 'paid_at')
    end,
    case
        when payload ->> 'status' = 'voided'
            then
                coalesce(
                    core.from_epoch(payload ->> 'voided_at'),
                    core.from_epoch(payload ->> 'updated_at')
                )
        when stood.is_written_off
            then
                coalesce(
                    stood.written_off_at,
                    core.from_epoch(payload ->> 'paid_at'),
                    core.from_epoch(payload ->> 'updated_at')
                )
    end,
    line.amount,
    stood.attempts,
    case
        when payload ->> 'dunning_status' = 'in_progress'
            then core.from_epoch(payload ->> 'next_retry_at')
    end,
    case
        when
            payload ->> 'dunning_status' in ('in_progress', 'exhausted', 'stopped', 'success')
            then payload ->> 'dunning_status'
    end
from raw.accepted
left join core.currency on currency.code = lower(payload ->> 'currency_code')
left join core.vendor_unit
    on
        vendor_unit.vendor = 'chargebee'
        and vendor_unit.code = lower(payload ->> 'currency_code')
cross join
    lateral (
        select
            core.to_number(payload ->> 'amount_due') as due,
            coalesce(core.to_number(payload ->> 'amount_paid'), 0) as paid,
            coalesce(core.to_number(payload ->> 'write_off_amount'), 0) as written_off,
            payload ->> 'status' = 'paid'
            and coalesce(core.to_number(payload ->> 'write_off_amount') > 0, false)
                as is_written_off,
            (
                select max(core.from_epoch(note ->> 'cn_date'))
                from raw.elements(payload -> 'adjustment_credit_notes') as note
            ) as written_off_at,
            case
                when jsonb_typeof(payload -> 'linked_payments') = 'array'
                    then jsonb_array_length(payload -> 'linked_payments')
            end as attempts
    ) as stood
cross join
    lateral (
        select min(core.from_epoch(entry ->> 'date_from')) as period_start
        from raw.elements(payload -> 'line_items') as entry
        where
            entry ->> 'entity_type' in ('plan_item_price', 'plan')
            and entry ->> 'proration_mode' is distinct from 'delta'
    ) as plan
cross join
    lateral (
        select
            sum(
                coalesce(
                    core.to_number(entry ->> 'quantity_in_decimal'),
                    core.to_number(entry ->> 'quantity')
                )
            ) filter (
                where
                entry ->> 'entity_type' in ('plan_item_price', 'plan')
                and entry ->> 'proration_mode' is distinct from 'delta'
            ) as seats,
            sum(
                coalesce(
                    core.to_number(entry ->> 'amount_in_decimal') / currency.minor_unit,
                    core.to_number(entry ->> 'amount') * coalesce(vendor_unit.factor, 1)
                )
            ) filter (where entry ->> 'proration_mode' is null) as amount,
            max(core.from_epoch(entry ->> 'date_to')) filter (
                where entry ->> 'proration_mode' is distinct from 'delta'
            ) as period_end,
            case
                when count(distinct entry ->> 'subscription_id') = 1
                    then min(entry ->> 'subscription_id')
            end as subscription_id
        from raw.elements(payload -> 'line_items') as entry
        where
            entry ->> 'entity_type' in ('plan_item_price', 'plan', 'addon_item_price', 'addon')
            and core.from_epoch(entry ->> 'date_from') = plan.period_start
    ) as line
where
    stream_id = :stream_id
    and payload ->> 'deleted' is distinct from 'true'
    and payload ->> 'status' != 'pending'
    and core.from_epoch(payload ->> 'date') is not null
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
    closed_at = excluded.closed_at,
    recurring_minor = excluded.recurring_minor,
    attempts = excluded.attempts,
    next_attempt_at = excluded.next_attempt_at,
    dunning = excluded.dunning
