-- Grain: one row a record that cannot be stored as one. Again: doubled; a landing runs it once.
insert into raw.quarantine (batch_id, stream_id, record_id, stage, reason, payload)
select
    :batch_id,
    :stream_id,
    rejected.record_id,
    'landing',
    rejected.reason,
    case
        when rejected.is_json and pg_input_is_valid(rejected.payload, 'jsonb')
            then cast(rejected.payload as jsonb)
        else to_jsonb(rejected.payload)
    end
from unnest(
    cast(:record_ids as text[]),
    cast(:reasons as text[]),
    cast(:payloads as text[]),
    cast(:are_json as boolean[])
) as rejected (record_id, reason, payload, is_json)
