-- Grain: one lock a CRM, held by the session. Re-run: false while another session holds it.
select pg_try_advisory_lock(hashtext('health crm push'), hashtext(:source))
