-- Grain: one row per waiting answer to a survey. Reads only.
select
    waiting.stream_id,
    waiting.batch_id,
    waiting.record_id,
    given.at as occurred_at,
    waiting.payload -> 'properties' ->> 'hs_survey_type' as survey_type,
    coalesce(waiting.payload ->> 'id' = waiting.record_id, false) as has_own_key,
    coalesce(jsonb_typeof(waiting.payload -> 'properties') = 'object', false) as has_properties,
    raw.reads_as_boolean(waiting.payload ->> 'archived') as archived_is_boolean,
    case
        when waiting.payload -> 'properties' ->> 'hs_value' != ''
            then core.to_number(waiting.payload -> 'properties' ->> 'hs_value') is not null
    end as value_is_number,
    raw.bounded(core.to_number(waiting.payload -> 'properties' ->> 'hs_value')) as value,
    raw.days_after(given.at, :latest) as days_ahead
from raw.waiting
cross join
    lateral (
        select
            coalesce(
                core.to_time(waiting.payload -> 'properties' ->> 'hs_submission_timestamp'),
                core.to_time(waiting.payload ->> 'createdAt')
            ) as at
    ) as given
where waiting.stream_id = any(:streams)
