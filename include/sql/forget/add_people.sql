-- Grain: one row for each record that was not in the list: those of streams of people that hold one
-- of the addresses, in any version. Again: none.
insert into raw.forgotten_person (stream_id, record_id)
select distinct
    record.stream_id,
    record.record_id
from raw.record
inner join raw.stream on record.stream_id = stream.stream_id
where
    (stream.vendor, stream.stream) in (
        select * from unnest(cast(:vendors as text[]), cast(:streams as text[]))
    )
    and cast(record.payload as text) ~* :pattern
on conflict do nothing
