-- Grain: one row per waiting customer. Reads only. A deleted one is only an id and a flag.
select
    waiting.stream_id,
    waiting.batch_id,
    waiting.record_id,
    coalesce(waiting.payload ->> 'id' = waiting.record_id, false) as has_own_key,
    raw.reads_as_boolean(waiting.payload ->> 'deleted') as deleted_is_boolean,
    raw.reads_as_epoch(waiting.payload ->> 'created') as created_is_time,
    raw.days_after(
        core.from_epoch(waiting.payload ->> 'created'), :latest
    ) as created_days_ahead,
    case
        when waiting.payload ->> 'currency' != '' then currency.code is not null
    end as currency_is_known
from raw.waiting
left join core.currency on lower(waiting.payload ->> 'currency') = currency.code
where waiting.stream_id = any(:streams)
