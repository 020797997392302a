-- Grain: one row per waiting change of an account. Reads only.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'Id' = record_id, false) as has_own_key,
    nullif(payload ->> 'AccountId', '') as account_id,
    nullif(payload ->> 'Field', '') as field,
    core.to_time(payload ->> 'CreatedDate') as created_at,
    raw.days_after(core.to_time(payload ->> 'CreatedDate'), :latest) as created_days_ahead,
    case
        when payload ->> 'Field' = :pulse
            then raw.bounded(core.to_number(payload ->> 'NewValue'))
    end as pulse
from raw.waiting
where stream_id = any(:streams)
