-- Grain: one row per waiting ticket. Reads only.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'id' = record_id, false) as has_own_key,
    coalesce(
        payload -> 'ticket_state' ->> 'category', payload ->> 'ticket_state'
    ) as state,
    payload ->> 'category' as category,
    core.from_epoch(payload ->> 'created_at') as created_at,
    raw.days_after(core.from_epoch(payload ->> 'created_at'), :latest) as created_days_ahead
from raw.waiting
where stream_id = any(:streams)
