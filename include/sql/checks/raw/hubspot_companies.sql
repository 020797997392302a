-- Grain: one row per waiting company. Reads only. :arr, :renewal_date and :pulse are the portal's
-- own properties; where health.yaml names none, their columns are NULL.
select
    stream_id,
    batch_id,
    record_id,
    history.is_list as pulse_is_list,
    history.has_times as pulse_has_times,
    history.largest as pulse_largest,
    coalesce(payload ->> 'id' = record_id, false) as has_own_key,
    coalesce(jsonb_typeof(payload -> 'properties') = 'object', false) as has_properties,
    raw.reads_as_boolean(payload ->> 'archived') as archived_is_boolean,
    core.to_time(payload ->> 'createdAt') as created_at,
    raw.days_after(core.to_time(payload ->> 'createdAt'), :latest) as created_days_ahead,
    raw.reads_as_time(payload ->> 'archivedAt') as archived_is_time,
    raw.reads_as_number(properties ->> :arr) as arr_is_number,
    raw.bounded(core.to_number(properties ->> :arr)) as arr,
    raw.reads_as_day(properties ->> :renewal_date) as renewal_is_day
from raw.waiting
cross join lateral (select payload -> 'properties' as properties) as company
cross join
    lateral (
        select
            coalesce(
                jsonb_typeof(payload -> 'propertiesWithHistory' -> :pulse) = 'array', true
            ) as is_list,
            bool_and(core.to_time(entry ->> 'timestamp') is not null) as has_times,
            max(abs(raw.bounded(core.to_number(entry ->> 'value')))) as largest
        from raw.elements(payload -> 'propertiesWithHistory' -> :pulse) as entry
    ) as history
where stream_id = any(:streams)
