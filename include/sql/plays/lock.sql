-- Grain: one lock a store, held until the transaction ends: two runs do not plan at once.
select pg_advisory_xact_lock(hashtext('health plays'))
