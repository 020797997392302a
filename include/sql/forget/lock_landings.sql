-- Grain: one row a stream: whether no landing of it is under way, held until the transaction ends.
-- Again, by the same transaction: true.
select
    source,
    stream,
    pg_try_advisory_xact_lock(hashtext('raw.landing'), cast(stream_id as integer)) as is_free
from raw.stream
order by stream_id
