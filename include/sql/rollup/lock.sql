-- Grain: none; to the end of the transaction, nobody rolls up and nobody else says what is touched.
-- Who rolls up computes what was noted before, so that notes that came meanwhile stay for the next.
select pg_advisory_xact_lock(hashtext('health roll up'))
