-- Grain: one row per waiting user. Reads only. Without e-mail and organisation nothing links them.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'id' = record_id, false) as has_own_key,
    payload ->> 'role' as role,
    coalesce(
        nullif(trim(payload ->> 'email'), ''), payload ->> 'organization_id'
    ) is not null as can_be_linked
from raw.waiting
where stream_id = any(:streams)
