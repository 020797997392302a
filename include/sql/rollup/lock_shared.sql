-- Grain: none; to the end of the transaction, nobody notes what is touched. Others may roll up
-- other accounts: each account's notes are taken by one of them alone.
select pg_advisory_xact_lock_shared(hashtext('health roll up'))
