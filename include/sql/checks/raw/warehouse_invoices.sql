-- Grain: one row per waiting invoice. Reads only.
select
    waiting.stream_id,
    waiting.batch_id,
    waiting.record_id,
    coalesce(waiting.payload ->> 'invoice_id' = waiting.record_id, false) as has_own_key,
    nullif(trim(waiting.payload ->> 'account_key'), '') as account_key,
    lower(waiting.payload ->> 'status') as status,
    case
        when waiting.payload ->> 'currency' != '' then currency.code is not null
    end as currency_is_known,
    raw.bounded(core.to_number(waiting.payload ->> 'amount_due')) as amount_due,
    raw.reads_as_number(waiting.payload ->> 'amount_remaining') as remaining_is_number,
    raw.bounded(core.to_number(waiting.payload ->> 'amount_remaining')) as amount_remaining,
    core.to_time(waiting.payload ->> 'created_at') as created_at,
    raw.days_after(core.to_time(waiting.payload ->> 'created_at'), :latest) as created_days_ahead,
    raw.reads_as_time(waiting.payload ->> 'due_at') as due_is_time,
    raw.reads_as_time(waiting.payload ->> 'paid_at') as paid_is_time,
    raw.reads_as_time(waiting.payload ->> 'closed_at') as closed_is_time,
    coalesce(raw.reads_as_time(waiting.payload ->> 'period_start'), true)
    and coalesce(raw.reads_as_time(waiting.payload ->> 'period_end'), true) as period_is_time,
    raw.reads_as_number(waiting.payload ->> 'seats') as seats_is_number,
    raw.bounded(core.to_number(waiting.payload ->> 'seats')) as seats
from raw.waiting
left join core.currency on lower(waiting.payload ->> 'currency') = currency.code
where waiting.stream_id = any(:streams)
