-- Grain: one row per waiting subscription. Reads only. seats and amount_minor are sums over items.
-- The payload is taken apart once, since each look into a compressed one unpacks all of it.
select
    waiting.stream_id,
    waiting.batch_id,
    waiting.record_id,
    sent.status,
    raw.bounded(item.seats) as seats,
    raw.bounded(item.amount_minor) as amount_minor,
    raw.bounded(item.months) as months,
    coalesce(sent.id = waiting.record_id, false) as has_own_key,
    nullif(sent.customer, '') as customer_id,
    case
        when sent.currency != '' then currency.code is not null
    end as currency_is_known,
    coalesce(
        core.from_epoch(sent.start_date),
        core.from_epoch(sent.created)
    ) as started_at,
    raw.reads_as_epoch(sent.ended_at) as ended_is_time,
    raw.reads_as_epoch(sent.canceled_at) as canceled_is_time,
    coalesce(jsonb_typeof(sent.items -> 'data') = 'array', false) as has_items
from raw.waiting
cross join
    lateral jsonb_to_record(waiting.payload) as sent (
        id text,
        customer text,
        status text,
        currency text,
        start_date text,
        created text,
        ended_at text,
        canceled_at text,
        items jsonb
    )
left join core.currency on lower(sent.currency) = currency.code
cross join
    lateral (
        select
            sum(core.to_number(line ->> 'quantity')) as seats,
            sum(
                core.to_number(line -> 'price' ->> 'unit_amount')
                * core.to_number(line ->> 'quantity')
            ) as amount_minor,
            max(12 * core.to_number(line -> 'price' -> 'recurring' ->> 'interval_count')) as months
        from raw.elements(sent.items -> 'data') as line
    ) as item
where waiting.stream_id = any(:streams)
