-- Grain: one row per waiting transaction that is not deleted. Reads only. Amounts are whole numbers
-- of the vendor's units: its own, and what of it is for each invoice.
select
    waiting.stream_id,
    waiting.batch_id,
    waiting.record_id,
    coalesce(waiting.payload ->> 'id' = waiting.record_id, false) as has_own_key,
    position('|' in waiting.record_id) = 0 as has_plain_key,
    nullif(waiting.payload ->> 'customer_id', '') as customer_id,
    waiting.payload ->> 'type' as kind,
    waiting.payload ->> 'status' as status,
    nullif(waiting.payload ->> 'currency_code', '') as currency,
    case
        when waiting.payload ->> 'currency_code' != '' then currency.code is not null
    end as currency_is_known,
    core.to_number(waiting.payload ->> 'amount') is not null as has_amount,
    raw.bounded(share.smallest) as smallest,
    raw.bounded(share.largest) as largest,
    core.from_epoch(waiting.payload ->> 'date') as occurred_at,
    raw.days_after(core.from_epoch(waiting.payload ->> 'date'), :latest) as days_ahead
from raw.waiting
left join core.currency on lower(waiting.payload ->> 'currency_code') = currency.code
cross join
    lateral (
        select
            min(paid.amount) as smallest,
            max(paid.amount) as largest
        from core.chargebee_paid(waiting.record_id, waiting.payload) as paid
    ) as share
where
    waiting.stream_id = any(:streams)
    and waiting.payload ->> 'deleted' is distinct from 'true'
