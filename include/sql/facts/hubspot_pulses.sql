-- Grain: one row per value of the pulse field that somebody set. Re-running changes nothing. Who
-- set it is told by address where the user is an owner, else by number.
insert into core.manual_input (
    source, source_account_id, measure, occurred_at, value, reason, author
)
select
    :source,
    record_id,
    'pulse',
    core.to_time(entry ->> 'timestamp'),
    max(core.to_number(entry ->> 'value')),
    max(case when is_newest then payload -> 'properties' ->> :pulse_reason end),
    max(
        coalesce(
            (
                select max(owner.email)
                from core.owner
                where owner.source = :source and owner.user_id = entry ->> 'updatedByUserId'
            ),
            entry ->> 'updatedByUserId',
            nullif(entry ->> 'sourceId', '')
        )
    )
from raw.accepted
cross join
    lateral (
        select
            item.entry,
            item.place = 1 as is_newest
        from
            raw.elements(payload -> 'propertiesWithHistory' -> :pulse)
            with ordinality as item (entry, place)
    ) as history
where
    stream_id = :stream_id
    and core.to_time(entry ->> 'timestamp') is not null
group by record_id, core.to_time(entry ->> 'timestamp')
on conflict (source, source_account_id, measure, occurred_at) do update set
    value = excluded.value,
    reason = coalesce(excluded.reason, manual_input.reason),
    author = coalesce(excluded.author, manual_input.author)
