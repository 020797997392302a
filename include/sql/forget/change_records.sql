-- Grain: one row a version of a record that is left with less. Again: the same.
update raw.record
set
    record_id = kept.record_id,
    payload = cast(kept.payload as jsonb),
    digest = kept.digest
from
    unnest(
        cast(:places as text[]), cast(:record_ids as text[]), cast(:payloads as text[]),
        cast(:digests as bytea[])
    ) as kept (place, record_id, payload, digest)
where record.ctid = cast(kept.place as tid)
