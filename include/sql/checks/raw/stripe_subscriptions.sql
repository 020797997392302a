-- Grain: one row per waiting subscription. Reads only. seats and amount_minor are sums over items.
select
    waiting.stream_id,
    waiting.batch_id,
    waiting.record_id,
    raw.bounded(item.seats) as seats,
    raw.bounded(item.amount_minor) as amount_minor,
    raw.bounded(item.months) as months,
    coalesce(waiting.payload ->> 'id' = waiting.record_id, false) as has_own_key,
    nullif(waiting.payload ->> 'customer', '') as customer_id,
    waiting.payload ->> 'status' as status,
    case
        when waiting.payload ->> 'currency' != '' then currency.code is not null
    end as currency_is_known,
    coalesce(
        core.from_epoch(waiting.payload ->> 'start_date'),
        core.from_epoch(waiting.payload ->> 'created')
    ) as started_at,
    raw.reads_as_epoch(waiting.payload ->> 'ended_at') as ended_is_time,
    raw.reads_as_epoch(waiting.payload ->> 'canceled_at') as canceled_is_time,
    coalesce(jsonb_typeof(waiting.payload -> 'items' -> 'data') = 'array', false) as has_items
from raw.waiting
left join core.currency on lower(waiting.payload ->> 'currency') = currency.code
cross join
    lateral (
        select
            sum(core.to_number(line ->> 'quantity')) as seats,
            sum(
                core.to_number(line -> 'price' ->> 'unit_amount')
                * core.to_number(line ->> 'quantity')
            ) as amount_minor,
            max(12 * core.to_number(line -> 'price' -> 'recurring' ->> 'interval_count')) as months
        from raw.elements(waiting.payload -> 'items' -> 'data') as line
    ) as item
where waiting.stream_id = any(:streams)
