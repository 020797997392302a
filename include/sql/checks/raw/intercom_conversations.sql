-- Grain: one row per waiting conversation. Reads only. Statistics are missing on very new ones.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'id' = record_id, false) as has_own_key,
    payload ->> 'state' as state,
    lower(payload ->> 'priority') as priority,
    core.from_epoch(payload ->> 'created_at') as created_at,
    raw.days_after(core.from_epoch(payload ->> 'created_at'), :latest) as created_days_ahead,
    raw.reads_as_epoch(payload -> 'statistics' ->> 'last_close_at') as closed_is_time,
    raw.days_after(
        core.from_epoch(payload -> 'statistics' ->> 'last_close_at'), :latest
    ) as closed_days_ahead,
    raw.reads_as_number(payload -> 'statistics' ->> 'time_to_admin_reply') as reply_is_number,
    raw.bounded(
        core.to_number(payload -> 'statistics' ->> 'time_to_admin_reply')
    ) as first_reply_seconds,
    raw.reads_as_number(payload -> 'conversation_rating' ->> 'rating') as rating_is_number,
    raw.bounded(core.to_number(payload -> 'conversation_rating' ->> 'rating')) as rating,
    raw.days_after(
        coalesce(
            core.from_epoch(payload -> 'conversation_rating' ->> 'updated_at'),
            core.from_epoch(payload -> 'conversation_rating' ->> 'created_at')
        ),
        :latest
    ) as rated_days_ahead
from raw.waiting
where stream_id = any(:streams)
