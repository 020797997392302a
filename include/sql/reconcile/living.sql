-- Grain: one row a record of the stream that landed and does not say that it is gone: its newest
-- version. Ends with the transaction. Again, in one transaction: refused.
-- gone: an SQL/JSON path predicate, or NULL. first_day, last_day: of streams with a `day`, or NULL.
create temporary table living on commit drop as
with newest as (
    select distinct on (record.record_id)
        record.record_id,
        record.payload
    from raw.record
    inner join raw.batch on record.batch_id = batch.batch_id
    inner join raw.stream on record.stream_id = stream.stream_id
    where stream.source = :source and stream.stream = :stream and batch.landed_at is not null
    order by record.record_id asc, record.batch_id desc
)

select
    record_id,
    payload
from newest
where
    not coalesce(
        jsonb_path_match(payload, cast(cast(:gone as text) as jsonpath), '{}', true), false
    )
    and (
        cast(:first_day as text) is null
        or payload ->> 'day' between cast(:first_day as text) and cast(:last_day as text)
    )
