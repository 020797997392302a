-- Grain: one row per HubSpot meeting; held unless cancelled, moved, missed or deleted (few
-- teams ever mark one as completed). Re-running changes nothing. Kinds come from health.yaml: the
-- portal's words for a meeting type, in lower case.
insert into core.touch (source, touch_id, source_account_id, kind, is_held, occurred_at)
select
    :source,
    record_id,
    payload ->> 'company_id',
    coalesce(
        cast(:meeting_kinds as jsonb) ->> lower(payload -> 'properties' ->> 'hs_activity_type'),
        'other'
    ),
    coalesce(payload -> 'properties' ->> 'hs_meeting_outcome', 'COMPLETED')
    in ('COMPLETED', 'SCHEDULED')
    and not coalesce(cast((payload ->> 'archived') as boolean), false),
    core.to_time(
        coalesce(
            nullif(payload -> 'properties' ->> 'hs_meeting_start_time', ''),
            payload -> 'properties' ->> 'hs_timestamp'
        )
    )
from raw.accepted
where
    stream_id = :stream_id
    and core.to_time(
        coalesce(
            nullif(payload -> 'properties' ->> 'hs_meeting_start_time', ''),
            payload -> 'properties' ->> 'hs_timestamp'
        )
    ) is not null
on conflict (source, touch_id) do update set
    source_account_id = excluded.source_account_id,
    kind = excluded.kind,
    is_held = excluded.is_held,
    occurred_at = excluded.occurred_at
