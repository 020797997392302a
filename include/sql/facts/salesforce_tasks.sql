-- Grain: one row per Salesforce task that was closed, as a touch; those deleted or opened again are
-- not held. Re-running changes nothing. A task that only has a day is on that day of the
-- organisation's calendar. Kinds: words of the subject, as for events.
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
            where strpos(' ' || plain.subject || ' ', ' ' || (word.entry ->> 0) || ' ') > 0
            order by word.place
            limit 1
        ),
        'other'
    ),
    not cast((payload ->> 'IsDeleted') as boolean)
    and cast((payload ->> 'IsClosed') as boolean),
    plain.occurred_at
from raw.accepted
cross join core.calendar
cross join
    lateral (
        select
            trim(
                regexp_replace(
                    lower(coalesce(payload ->> 'Subject', '')), '[^[:alnum:]]+', ' ', 'g'
                )
            ) as subject,
            coalesce(
                core.to_time(payload ->> 'CompletedDateTime'),
                cast(core.to_day(payload ->> 'ActivityDate') as timestamp)
                at time zone calendar.time_zone
            ) as occurred_at
    ) as plain
where stream_id = :stream_id and plain.occurred_at is not null
on conflict (source, touch_id) do update set
    source_account_id = excluded.source_account_id,
    kind = excluded.kind,
    is_held = excluded.is_held,
    occurred_at = excluded.occurred_at
