-- Grain: one row a contact who was forgotten and still had a title. Again: none.
update core.contact
set title = null
from raw.forgotten_person as person, raw.stream
where
    person.stream_id = stream.stream_id
    and contact.source = stream.source
    and contact.contact_id = person.record_id
    and contact.title is not null
