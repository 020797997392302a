-- Grain: one row per waiting invoice. Reads only. Amounts are whole numbers of minor units.
select
    waiting.stream_id,
    waiting.batch_id,
    waiting.record_id,
    raw.bounded(line.seats) as seats,
    coalesce(waiting.payload ->> 'id' = waiting.record_id, false) as has_own_key,
    nullif(waiting.payload ->> 'customer', '') as customer_id,
    waiting.payload ->> 'status' as status,
    nullif(waiting.payload ->> 'currency', '') as currency,
    case
        when waiting.payload ->> 'currency' != '' then currency.code is not null
    end as currency_is_known,
    raw.bounded(core.to_number(waiting.payload ->> 'amount_due')) as amount_due,
    raw.bounded(core.to_number(waiting.payload ->> 'amount_remaining')) as amount_remaining,
    core.from_epoch(waiting.payload ->> 'created') as created_at,
    raw.days_after(
        core.from_epoch(waiting.payload ->> 'created'), :latest
    ) as created_days_ahead,
    raw.reads_as_epoch(waiting.payload ->> 'due_date') as due_is_time,
    raw.reads_as_epoch(waiting.payload -> 'status_transitions' ->> 'paid_at') as paid_is_time,
    raw.reads_as_epoch(
        coalesce(
            waiting.payload -> 'status_transitions' ->> 'voided_at',
            waiting.payload -> 'status_transitions' ->> 'marked_uncollectible_at'
        )
    ) as closed_is_time,
    raw.bounded(core.to_number(waiting.payload ->> 'attempt_count')) as attempts,
    raw.reads_as_epoch(waiting.payload ->> 'next_payment_attempt') as next_attempt_is_time,
    coalesce(jsonb_typeof(waiting.payload -> 'lines' -> 'data') = 'array', false) as has_lines
from raw.waiting
left join core.currency on lower(waiting.payload ->> 'currency') = currency.code
cross join
    lateral (
        select sum(core.to_number(entry ->> 'quantity')) as seats
        from raw.elements(waiting.payload -> 'lines' -> 'data') as entry
    ) as line
where waiting.stream_id = any(:streams)
