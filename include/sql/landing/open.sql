-- Grain: one row a landing, invisible until it is closed. Again: another landing.
-- opened_us: microseconds since 2000-01-01 UTC.
insert into raw.batch (stream_id, run_id, as_of)
values (:stream_id, :run_id, :as_of)
returning
    batch_id,
    cast(extract(epoch from started_at - '2000-01-01 00:00:00+00') * 1000000 as bigint) as opened_us
