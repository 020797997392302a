-- Grain: none; one roll-up at a time, to the end of the transaction. Two would write over each
-- other what they read at different moments.
select pg_advisory_xact_lock(hashtext('health roll up'))
