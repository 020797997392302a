-- Grain: one row per waiting subscription. Reads only.
select
    waiting.stream_id,
    waiting.batch_id,
    waiting.record_id,
    coalesce(waiting.payload ->> 'subscription_id' = waiting.record_id, false) as has_own_key,
    nullif(trim(waiting.payload ->> 'account_key'), '') as account_key,
    lower(waiting.payload ->> 'status') as status,
    case
        when waiting.payload ->> 'currency' != '' then currency.code is not null
    end as currency_is_known,
    core.to_time(waiting.payload ->> 'started_at') as started_at,
    raw.reads_as_time(waiting.payload ->> 'ended_at') as ended_is_time,
    raw.reads_as_time(waiting.payload ->> 'period_end') as period_is_time,
    raw.reads_as_time(waiting.payload ->> 'trial_end') as trial_is_time,
    raw.reads_as_number(waiting.payload ->> 'seats') as seats_is_number,
    raw.bounded(core.to_number(waiting.payload ->> 'seats')) as seats,
    raw.reads_as_number(waiting.payload ->> 'amount') as amount_is_number,
    raw.bounded(core.to_number(waiting.payload ->> 'amount')) as amount,
    raw.reads_as_number(waiting.payload ->> 'months') as months_is_number,
    raw.bounded(core.to_number(waiting.payload ->> 'months')) as months
from raw.waiting
left join core.currency on lower(waiting.payload ->> 'currency') = currency.code
where waiting.stream_id = any(:streams)
