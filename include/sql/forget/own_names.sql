-- Grain: one row a full name in any version of the forgotten people's own records. Reads only.
select distinct said.name
from raw.forgotten_person as person
inner join raw.record
    on person.stream_id = record.stream_id and person.record_id = record.record_id
cross join
    lateral (values (record.payload), (record.payload -> 'properties')) as part (content)
cross join
    lateral (
        values
        (part.content ->> 'name'),
        (part.content ->> 'Name'),
        (concat_ws(' ', part.content ->> 'firstName', part.content ->> 'lastName')),
        (concat_ws(' ', part.content ->> 'firstname', part.content ->> 'lastname')),
        (concat_ws(' ', part.content ->> 'first_name', part.content ->> 'last_name'))
    ) as said (name)
where said.name like '% %'
