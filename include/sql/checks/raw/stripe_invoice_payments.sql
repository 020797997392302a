-- Grain: one row per waiting invoice payment. Reads only. An amount that is not there yet is none.
select
    waiting.stream_id,
    waiting.batch_id,
    waiting.record_id,
    nullif(waiting.payload ->> 'invoice', '') as invoice_id,
    waiting.payload ->> 'status' as status,
    nullif(waiting.payload ->> 'currency', '') as currency,
    coalesce(waiting.payload ->> 'id' = waiting.record_id, false) as has_own_key,
    case
        when waiting.payload ->> 'currency' != '' then currency.code is not null
    end as currency_is_known,
    raw.bounded(core.to_number(waiting.payload ->> 'amount_paid')) as amount,
    case
        when waiting.payload ->> 'status' = 'paid'
            then core.to_number(waiting.payload ->> 'amount_paid') is not null
    end as paid_has_amount,
    core.from_epoch(waiting.payload ->> 'created') as created_at,
    raw.days_after(
        core.from_epoch(waiting.payload ->> 'created'), :latest
    ) as created_days_ahead,
    raw.reads_as_epoch(waiting.payload -> 'status_transitions' ->> 'paid_at') as paid_is_time
from raw.waiting
left join core.currency on lower(waiting.payload ->> 'currency') = currency.code
where waiting.stream_id = any(:streams)
