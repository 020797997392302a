-- Grain: one row per deleted Chargebee subscription that was known before. Re-running changes
-- nothing. It ended when it was deleted, unless it had ended before; what it was stays.
update core.subscription set
    status = case
        when subscription.status like 'incomplete%' then subscription.status else 'canceled'
    end,
    ended_at = coalesce(
        subscription.ended_at, core.from_epoch(payload ->> 'updated_at'), accepted.observed_at
    ),
    paused_at = null
from raw.accepted
where
    accepted.stream_id = :stream_id
    and payload ->> 'deleted' = 'true'
    and subscription.source = :source
    and subscription.subscription_id = accepted.record_id
