-- Grain: one row per batch of a stream whose records name plain days: its facts are made again, so
-- that such a day stays that day where the organisation's calendar has another time zone now. To be
-- run in the transaction that makes them. Re-running changes nothing.
update raw.batch
set conformed_at = null
from raw.stream
where
    batch.stream_id = stream.stream_id
    and stream.vendor = 'salesforce'
    and stream.stream in ('opportunities', 'events', 'tasks')
    and batch.conformed_at is not null
