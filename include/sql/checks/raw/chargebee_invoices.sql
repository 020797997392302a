-- Grain: one row per waiting invoice that is not deleted. Reads only. Amounts are whole numbers of
-- the vendor's units; lines may have decimals beside,
-- of any size, so their sums are rounded.
select
    waiting.stream_id,
    waiting.batch_id,
    waiting.record_id,
    raw.bounded(round(line.seats, 6)) as seats,
    raw.bounded(round(line.amount, 6)) as recurring,
    coalesce(waiting.payload ->> 'id' = waiting.record_id, false) as has_own_key,
    nullif(waiting.payload ->> 'customer_id', '') as customer_id,
    waiting.payload ->> 'status' as status,
    nullif(waiting.payload ->> 'currency_code', '') as currency,
    case
        when waiting.payload ->> 'currency_code' != '' then currency.code is not null
    end as currency_is_known,
    raw.bounded(core.to_number(waiting.payload ->> 'amount_due')) as amount_due,
    raw.reads_as_number(waiting.payload ->> 'amount_paid') as paid_is_number,
    raw.bounded(core.to_number(waiting.payload ->> 'amount_paid')) as amount_paid,
    raw.reads_as_number(waiting.payload ->> 'write_off_amount') as written_off_is_number,
    raw.bounded(core.to_number(waiting.payload ->> 'write_off_amount')) as written_off,
    core.from_epoch(waiting.payload ->> 'date') as created_at,
    raw.days_after(core.from_epoch(waiting.payload ->> 'date'), :latest) as created_days_ahead,
    raw.reads_as_epoch(waiting.payload ->> 'due_date') as due_is_time,
    raw.reads_as_epoch(waiting.payload ->> 'paid_at') as paid_is_time,
    raw.reads_as_epoch(waiting.payload ->> 'voided_at') as voided_is_time,
    coalesce(jsonb_typeof(waiting.payload -> 'line_items') = 'array', false) as has_lines,
    waiting.payload ->> 'line_items_next_offset' is null as has_all_lines
from raw.waiting
left join core.currency on lower(waiting.payload ->> 'currency_code') = currency.code
cross join
    lateral (
        select
            sum(
                coalesce(
                    core.to_number(entry ->> 'quantity_in_decimal'),
                    core.to_number(entry ->> 'quantity')
                )
            ) as seats,
            sum(
                coalesce(
                    core.to_number(entry ->> 'amount_in_decimal') / currency.minor_unit,
                    core.to_number(entry ->> 'amount')
                )
            ) as amount
        from raw.elements(waiting.payload -> 'line_items') as entry
        where
            entry ->> 'entity_type' in ('plan_item_price', 'plan', 'addon_item_price', 'addon')
    ) as line
where
    waiting.stream_id = any(:streams)
    and waiting.payload ->> 'deleted' is distinct from 'true'
