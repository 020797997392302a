-- Grain: one lock a CRM, held by the session. Re-run: false, nothing happens.
select pg_advisory_unlock(hashtext('health crm push'), hashtext(:source))
