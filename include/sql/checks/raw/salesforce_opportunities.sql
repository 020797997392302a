-- Grain: one row per waiting opportunity. Reads only.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'Id' = record_id, false) as has_own_key,
    raw.reads_as_boolean(payload ->> 'IsDeleted') as deleted_is_boolean,
    core.to_time(payload ->> 'CreatedDate') as created_at,
    raw.days_after(core.to_time(payload ->> 'CreatedDate'), :latest) as created_days_ahead,
    raw.reads_as_number(payload ->> 'Amount') as amount_is_number,
    raw.bounded(core.to_number(payload ->> 'Amount')) as amount,
    case
        when payload ->> 'CurrencyIsoCode' != ''
            then lower(payload ->> 'CurrencyIsoCode') in (select code from core.currency)
    end as currency_is_known,
    raw.reads_as_day(payload ->> 'CloseDate') as closed_is_day
from raw.waiting
where stream_id = any(:streams)
