-- Grain: one row per waiting group and day. Reads only.
select
    stream_id,
    batch_id,
    record_id,
    nullif(trim(payload ->> 'account_key'), '') as account_key,
    core.to_day(payload ->> 'day') as day,
    core.to_day(payload ->> 'day') - cast(:as_of as date) as days_ahead,
    core.to_number(payload ->> 'events') as events,
    coalesce(jsonb_typeof(payload -> 'users') = 'array', false) as has_users,
    coalesce(jsonb_typeof(payload -> 'features') = 'array', false) as has_features
from raw.waiting
where stream_id = any(:streams)
