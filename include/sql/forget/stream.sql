-- Grain: one row: whom a stream has to leave out, as arrays; digests is empty where it is nobody.
-- Reads only.
select
    stream.source,
    stream.vendor,
    stream.stream,
    forgetting.salt,
    array(select digest from raw.forgotten_address) as digests,
    array(
        select record_id from raw.forgotten_person
        where forgotten_person.stream_id = stream.stream_id
    ) as own,
    array(
        select forgotten_person.record_id
        from raw.forgotten_person
        inner join raw.stream as sibling on forgotten_person.stream_id = sibling.stream_id
        where sibling.source = stream.source
    ) as people
from raw.stream
cross join raw.forgetting
where stream.stream_id = :stream_id
