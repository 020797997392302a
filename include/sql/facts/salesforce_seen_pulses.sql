-- Grain: one row per Salesforce account whose pulse is another one than its history says, as where
-- nobody tracks the field: it was set when the record changed last, at the latest. Re-running
-- changes nothing. A reason that history does not tell is that of the newest pulse. Who set
-- it is told by address where known.
with seen as (
    select
        record_id,
        core.to_number(payload ->> :pulse) as value,
        nullif(payload ->> :pulse_reason, '') as reason,
        payload ->> 'LastModifiedById' as author,
        core.to_time(payload ->> 'LastModifiedDate') as set_at
    from raw.accepted
    where
        stream_id = :stream_id
        and payload ? :pulse
        and not cast((payload ->> 'IsDeleted') as boolean)
),

known as (
    select
        seen.*,
        told.occurred_at as told_at,
        (seen.value is distinct from told.value) as is_news
    from seen
    left join
        lateral (
            select
                manual_input.occurred_at,
                manual_input.value
            from core.manual_input
            where
                manual_input.source = :source
                and manual_input.source_account_id = seen.record_id
                and manual_input.measure = 'pulse'
                and manual_input.occurred_at <= seen.set_at
            order by manual_input.occurred_at desc
            limit 1
        ) as told
        on true
    where seen.set_at is not null
)

insert into core.manual_input (
    source, source_account_id, measure, occurred_at, value, reason, author
)
select
    :source,
    known.record_id,
    'pulse',
    case when known.is_news then known.set_at else known.told_at end,
    known.value,
    known.reason,
    case when known.is_news then coalesce(owner.email, known.author) end
from known
left join core.owner on owner.source = :source and known.author = owner.owner_id
where known.is_news or (known.value is not null and known.reason is not null)
on conflict (source, source_account_id, measure, occurred_at) do update set
    value = excluded.value,
    reason = coalesce(manual_input.reason, excluded.reason),
    author = coalesce(excluded.author, manual_input.author)
