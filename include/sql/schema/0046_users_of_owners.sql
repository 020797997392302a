-- A CRM names who changed a field by their number as a user, which in HubSpot is not their number
-- as an owner. Re-run: refused by Alembic.
alter table core.owner add column user_id text;

-- Those who landed before: the newest version of each.
update core.owner
set user_id = coalesce(sent.payload ->> 'userIdIncludingInactive', sent.payload ->> 'userId')
from (
    select distinct on (stream.source, record.record_id)
        stream.source,
        record.record_id,
        record.payload
    from raw.stream
    inner join raw.record on stream.stream_id = record.stream_id
    where stream.vendor = 'hubspot' and stream.stream = 'owners'
    order by stream.source asc, record.record_id asc, record.batch_id desc
) as sent
where owner.source = sent.source and owner.owner_id = sent.record_id;
