-- Grain: one row per waiting deal. Reads only. An empty currency means the portal's.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'id' = record_id, false) as has_own_key,
    coalesce(jsonb_typeof(payload -> 'properties') = 'object', false) as has_properties,
    raw.reads_as_number(properties ->> 'amount') as amount_is_number,
    raw.bounded(core.to_number(properties ->> 'amount')) as amount,
    case
        when properties ->> 'deal_currency_code' != ''
            then lower(properties ->> 'deal_currency_code') in (select code from core.currency)
    end as currency_is_known,
    raw.reads_as_time(payload ->> 'createdAt') as created_is_time,
    raw.reads_as_time(properties ->> 'closedate') as closed_is_time
from raw.waiting
cross join lateral (select payload -> 'properties' as properties) as deal
where stream_id = any(:streams)
