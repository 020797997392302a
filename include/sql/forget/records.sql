-- Grain: one row a version of a record, or a record set aside, that may have to change: it is of a
-- forgotten person, or holds one of the addresses, or one of their ids in the same source, or one
-- of the names (NULL: there are none) as a manual input.
-- place: where the row stands. Reads only.
with people as (
    select
        stream.source,
        '"?(' || string_agg(distinct raw.quoted(person.record_id), '|') || ')"?[,}\]]' as pattern
    from raw.forgotten_person as person
    inner join raw.stream on person.stream_id = stream.stream_id
    group by stream.source
)

select
    'raw.record' as place_of,
    record.ctid::text as place,
    record.stream_id,
    record.record_id,
    record.payload
from raw.record
inner join raw.stream on record.stream_id = stream.stream_id
left join people on stream.source = people.source
where
    record.payload::text ~* :pattern
    or record.payload::text ~ people.pattern
    or (
        (stream.vendor, stream.stream) in (('inputs', 'rows'), ('warehouse', 'measures'))
        and record.payload::text ~* :names
    )
union all
select
    'raw.quarantine',
    quarantine.ctid::text,
    quarantine.stream_id,
    coalesce(quarantine.record_id, ''),
    quarantine.payload
from raw.quarantine
inner join raw.stream on quarantine.stream_id = stream.stream_id
left join people on stream.source = people.source
where
    quarantine.payload::text ~* :pattern
    or quarantine.payload::text ~ people.pattern
    or (
        (stream.vendor, stream.stream) in (('inputs', 'rows'), ('warehouse', 'measures'))
        and quarantine.payload::text ~* :names
    )
