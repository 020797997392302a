-- Grain: one row per waiting relation of a contact to an account. Reads only.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'Id' = record_id, false) as has_own_key,
    raw.reads_as_boolean(payload ->> 'IsDeleted') as deleted_is_boolean,
    core.to_time(payload ->> 'CreatedDate') as created_at,
    raw.days_after(core.to_time(payload ->> 'CreatedDate'), :latest) as created_days_ahead,
    nullif(payload ->> 'AccountId', '') as account_id,
    nullif(payload ->> 'ContactId', '') as contact_id,
    raw.reads_as_boolean(payload ->> 'IsActive') as active_is_boolean
from raw.waiting
where stream_id = any(:streams)
