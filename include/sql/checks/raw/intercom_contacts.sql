-- Grain: one row per waiting contact. Reads only. Without e-mail and company nothing links them.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'id' = record_id, false) as has_own_key,
    payload ->> 'role' as role,
    case
        when payload ? 'companies'
            then jsonb_typeof(payload -> 'companies' -> 'data') = 'array'
    end as companies_are_list,
    nullif(trim(payload ->> 'email'), '') is not null
    or payload -> 'companies' -> 'data' -> 0 ->> 'id' is not null as can_be_linked
from raw.waiting
where stream_id = any(:streams)
