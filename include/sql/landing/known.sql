-- Grain: one row an id that the stream had before this landing: digest of its newest version.
-- Again: the same.
select
    wanted.record_id,
    newest.digest
from unnest(cast(:record_ids as text[])) as wanted (record_id)
cross join lateral (
    select record.digest
    from raw.record
    where
        record.stream_id = :stream_id
        and record.record_id = wanted.record_id
        and record.batch_id < :batch_id
    order by record.batch_id desc
    limit 1
) as newest
