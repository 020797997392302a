-- Grain: one row: whether this transaction may land the stream. Again, by the same one: true.
select pg_try_advisory_xact_lock(hashtext('raw.landing'), cast(:stream_id as integer))
