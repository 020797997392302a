-- Grain: one row per waiting meeting. Reads only.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'touch_id' = record_id, false) as has_own_key,
    nullif(trim(payload ->> 'account_key'), '') as account_key,
    lower(payload ->> 'kind') as kind,
    raw.reads_as_boolean(payload ->> 'is_held') as held_is_boolean,
    core.to_time(payload ->> 'occurred_at') as occurred_at
from raw.waiting
where stream_id = any(:streams)
