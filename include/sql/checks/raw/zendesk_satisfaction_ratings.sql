-- Grain: one row per waiting rating. Reads only.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'id' = record_id, false) as has_own_key,
    payload ->> 'score' as score,
    payload ->> 'ticket_id' as ticket_id,
    core.to_time(payload ->> 'updated_at') as updated_at,
    raw.days_after(core.to_time(payload ->> 'updated_at'), :latest) as updated_days_ahead
from raw.waiting
where stream_id = any(:streams)
