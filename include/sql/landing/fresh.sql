-- Grain: one row, the place from 0, for each given record whose newest version before this landing
-- has another digest, or that has none. Again: the same.
-- record_ids: a JSON list; digests: 16 bytes each. Arrays of a page cost the client far more.
select given.place - 1
from
    json_array_elements_text(cast(:record_ids as json))
    with ordinality as given (record_id, place)
left join lateral (
    select record.digest
    from raw.record
    where
        record.stream_id = :stream_id
        and record.record_id = given.record_id
        and record.batch_id < :batch_id
    order by record.batch_id desc
    limit 1
) as newest on true
where
    newest.digest is distinct from
    substr(cast(:digests as bytea), cast(given.place - 1 as integer) * 16 + 1, 16)
order by given.place
