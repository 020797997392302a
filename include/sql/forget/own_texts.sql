-- Grain: one row a text under these keys in any version of the forgotten people's own records, or
-- in these records' properties. Reads only.
select distinct entry.value
from raw.forgotten_person as person
inner join raw.record
    on person.stream_id = record.stream_id and person.record_id = record.record_id
cross join
    lateral (
        select * from jsonb_each_text(raw.as_object(record.payload))
        union all
        select * from jsonb_each_text(raw.as_object(record.payload -> 'properties'))
    ) as entry (key, value)
where lower(entry.key) = any(:keys) and entry.value != ''
