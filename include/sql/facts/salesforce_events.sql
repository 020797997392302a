-- Grain: one row per Salesforce event; held unless deleted, or called off by its outcome or by how
-- its subject begins. Re-running changes nothing. The pattern of a recurring event is none itself.
-- Kinds come from health.yaml: the Type, else words of the subject; the first that fits counts. A
-- whole day's event is on that day of the organisation's calendar.
insert into core.touch (source, touch_id, source_account_id, kind, is_held, occurred_at)
select
    :source,
    record_id,
    coalesce(
        nullif(payload ->> 'AccountId', ''),
        case when payload ->> 'WhatId' like '001%' then payload ->> 'WhatId' end
    ),
    coalesce(
        (
            select word.entry ->> 1
            from
                jsonb_array_elements(cast(:meeting_kinds as jsonb))
                with ordinality as word (entry, place)
            where
                plain.type = word.entry ->> 0
                or strpos(' ' || plain.subject || ' ', ' ' || (word.entry ->> 0) || ' ') > 0
            order by coalesce(plain.type = word.entry ->> 0, false) desc, word.place asc
            limit 1
        ),
        'other'
    ),
    not cast((payload ->> 'IsDeleted') as boolean)
    and not coalesce(plain.outcome = any(cast(:not_held as text[])), false)
    and not exists (
        select 1
        from unnest(cast(:not_held as text[])) as word (text)
        where starts_with(plain.subject || ' ', word.text || ' ')
    ),
    plain.occurred_at
from raw.accepted
cross join core.calendar
cross join
    lateral (
        select
            trim(
                regexp_replace(lower(payload ->> 'Type'), '[^[:alnum:]]+', ' ', 'g')
            ) as type,
            trim(
                regexp_replace(
                    lower(coalesce(payload ->> 'Subject', '')), '[^[:alnum:]]+', ' ', 'g'
                )
            ) as subject,
            trim(
                regexp_replace(lower(payload ->> :event_outcome), '[^[:alnum:]]+', ' ', 'g')
            ) as outcome,
            case
                when coalesce(cast((payload ->> 'IsAllDayEvent') as boolean), false)
                    then
                        cast(core.to_day(payload ->> 'StartDateTime') as timestamp)
                        at time zone calendar.time_zone
                else core.to_time(payload ->> 'StartDateTime')
            end as occurred_at
    ) as plain
where
    stream_id = :stream_id
    and plain.occurred_at is not null
    and not coalesce(cast((payload ->> 'IsRecurrence') as boolean), false)
on conflict (source, touch_id) do update set
    source_account_id = excluded.source_account_id,
    kind = excluded.kind,
    is_held = excluded.is_held,
    occurred_at = excluded.occurred_at
