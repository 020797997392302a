-- Grain: one row per waiting charge. Reads only.
-- The payload is taken apart once, since each look into a compressed one unpacks all of it.
select
    waiting.stream_id,
    waiting.batch_id,
    waiting.record_id,
    sent.status,
    nullif(sent.currency, '') as currency,
    coalesce(sent.id = waiting.record_id, false) as has_own_key,
    case
        when sent.currency != '' then currency.code is not null
    end as currency_is_known,
    raw.bounded(core.to_number(sent.amount)) as amount,
    core.from_epoch(sent.created) as created_at,
    raw.days_after(
        core.from_epoch(sent.created), :latest
    ) as created_days_ahead
from raw.waiting
cross join
    lateral jsonb_to_record(waiting.payload) as sent (
        id text,
        status text,
        currency text,
        amount text,
        created text
    )
left join core.currency on lower(sent.currency) = currency.code
where waiting.stream_id = any(:streams)
