-- Grain: one row per waiting group, day and part. Reads only.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(
        record_id = (payload ->> 'account_key')
        || '|' || (payload ->> 'day')
        || '|' || (payload ->> 'part'),
        false
    ) as has_own_key,
    nullif(trim(payload ->> 'account_key'), '') as account_key,
    core.to_day(payload ->> 'day') as day,
    core.to_day(payload ->> 'part') as part,
    raw.days_after(cast(core.to_day(payload ->> 'day') as timestamptz), :latest) as days_ahead,
    raw.bounded(core.to_number(payload ->> 'events')) as events,
    coalesce(jsonb_typeof(payload -> 'users') = 'array', false) as has_users,
    coalesce(jsonb_typeof(payload -> 'features') = 'array', false) as has_features
from raw.waiting
where stream_id = any(:streams)
