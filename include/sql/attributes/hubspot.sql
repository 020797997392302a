-- Grain: one row per company version that is not in core.account_attribute yet, attribute and value
-- that it names. Re-running finds none. properties: attribute to property; a property that this
-- portal does not have is left out. HubSpot's history: newest first, "" where a value was cleared.
insert into seen (
    account_id, attribute, version, seen_at, created_at, at, place, value, origin
)
with due as (
    select
        account_id,
        source_account_id,
        created_at,
        coalesce(attributed_batch, 0) as since
    from core.account
    where
        source = :source
        and (
            attributed_batch is null
            or source_account_id in (
                select record_id from raw.accepted
                where stream_id = :stream_id
            )
        )
),

version as (
    select
        due.account_id,
        due.created_at,
        record.batch_id,
        record.observed_at,
        record.payload -> 'properties' as properties,
        record.payload -> 'propertiesWithHistory' as histories
    from due
    inner join raw.record
        on
            record.stream_id = :stream_id
            and due.source_account_id = record.record_id
            and due.since < record.batch_id
    inner join raw.batch on record.batch_id = batch.batch_id and batch.landed_at is not null
    where
        not exists (
            select 1
            from raw.quarantine
            where
                quarantine.stream_id = record.stream_id
                and quarantine.record_id = record.record_id
                and quarantine.batch_id = record.batch_id
        )
),

told as (
    select
        version.*,
        wanted.attribute,
        item.at,
        item.place,
        item.value
    from version
    cross join jsonb_each_text(cast(:properties as jsonb)) as wanted (attribute, property)
    cross join
        lateral (
            select
                core.to_time(listed.entry ->> 'timestamp') as at,
                listed.place,
                listed.entry ->> 'value' as value
            from
                raw.elements(version.histories -> wanted.property)
                with ordinality as listed (entry, place)
            where core.to_time(listed.entry ->> 'timestamp') is not null
            union all
            select
                null,
                0,
                version.properties ->> wanted.property
            where version.properties ? wanted.property
        ) as item
    union all
    select
        version.*,
        'currency',
        null,
        0,
        :currency
    from version
)

select
    account_id,
    attribute,
    batch_id,
    observed_at,
    created_at,
    at,
    place,
    case attribute
        when 'arr' then cast(core.to_number(value) as text)
        when 'renewal_date' then cast(core.to_day(value) as text)
        else nullif(value, '')
    end,
    case when at is null then 'observed' else 'vendor' end
from told
