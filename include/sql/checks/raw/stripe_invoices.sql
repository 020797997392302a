-- Grain: one row per waiting invoice. Reads only. Amounts are whole numbers of minor units.
-- The payload is taken apart once, since each look into a compressed one unpacks all of it.
select
    waiting.stream_id,
    waiting.batch_id,
    waiting.record_id,
    sent.status,
    raw.bounded(line.seats) as seats,
    coalesce(sent.id = waiting.record_id, false) as has_own_key,
    nullif(sent.customer, '') as customer_id,
    nullif(sent.currency, '') as currency,
    case
        when sent.currency != '' then currency.code is not null
    end as currency_is_known,
    raw.bounded(core.to_number(sent.amount_due)) as amount_due,
    raw.bounded(core.to_number(sent.amount_remaining)) as amount_remaining,
    core.from_epoch(sent.created) as created_at,
    raw.days_after(
        core.from_epoch(sent.created), :latest
    ) as created_days_ahead,
    raw.reads_as_epoch(sent.due_date) as due_is_time,
    raw.reads_as_epoch(sent.status_transitions ->> 'paid_at') as paid_is_time,
    raw.reads_as_epoch(
        coalesce(
            sent.status_transitions ->> 'voided_at',
            sent.status_transitions ->> 'marked_uncollectible_at'
        )
    ) as closed_is_time,
    raw.bounded(core.to_number(sent.attempt_count)) as attempts,
    raw.reads_as_epoch(sent.next_payment_attempt) as next_attempt_is_time,
    coalesce(jsonb_typeof(sent.lines -> 'data') = 'array', false) as has_lines
from raw.waiting
cross join
    lateral jsonb_to_record(waiting.payload) as sent (
        id text,
        customer text,
        status text,
        currency text,
        amount_due text,
        amount_remaining text,
        created text,
        due_date text,
        attempt_count text,
        next_payment_attempt text,
        status_transitions jsonb,
        lines jsonb
    )
left join core.currency on lower(sent.currency) = currency.code
cross join
    lateral (
        select sum(core.to_number(entry ->> 'quantity')) as seats
        from raw.elements(sent.lines -> 'data') as entry
    ) as line
where waiting.stream_id = any(:streams)
