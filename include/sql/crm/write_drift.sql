-- Grain: one row a field that shows another value than ours. Re-run: the value that it shows now.
insert into health.crm_drift (source, record_id, account_id, field, ours, theirs, run_no)
select
    :source,
    found.record_id,
    found.account_id,
    found.field,
    found.ours,
    found.theirs,
    :run_no
from
    jsonb_to_recordset(cast(:rows as jsonb))
        as found (record_id text, account_id integer, field text, ours text, theirs text)
on conflict (source, record_id, field) where resolved_at is null do update set
    ours = excluded.ours,
    theirs = excluded.theirs
