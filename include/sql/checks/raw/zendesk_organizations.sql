-- Grain: one row per waiting organisation. Reads only.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(payload ->> 'id' = record_id, false) as has_own_key,
    case
        when payload ? 'domain_names' then jsonb_typeof(payload -> 'domain_names') = 'array'
    end as domains_are_list,
    raw.reads_as_time(payload ->> 'created_at') as created_is_time,
    raw.days_after(core.to_time(payload ->> 'created_at'), :latest) as created_days_ahead,
    raw.reads_as_time(payload ->> 'deleted_at') as deleted_is_time
from raw.waiting
where stream_id = any(:streams)
