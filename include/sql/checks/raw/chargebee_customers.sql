-- Grain: one row per waiting customer. Reads only. A deleted one is hardly more than its id.
select
    waiting.stream_id,
    waiting.batch_id,
    waiting.record_id,
    coalesce(waiting.payload ->> 'id' = waiting.record_id, false) as has_own_key,
    raw.reads_as_epoch(waiting.payload ->> 'created_at') as created_is_time,
    raw.days_after(
        core.from_epoch(waiting.payload ->> 'created_at'), :latest
    ) as created_days_ahead,
    case
        when waiting.payload ->> 'preferred_currency_code' != '' then currency.code is not null
    end as currency_is_known
from raw.waiting
left join core.currency on lower(waiting.payload ->> 'preferred_currency_code') = currency.code
where waiting.stream_id = any(:streams)
