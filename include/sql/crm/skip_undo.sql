-- Grain: one row a field that is not restored. Re-run: what it shows now.
insert into health.crm_undo_skip (undo_id, record_id, field, ours, theirs)
select
    :undo_id,
    skipped.record_id,
    skipped.field,
    skipped.ours,
    skipped.theirs
from
    jsonb_to_recordset(cast(:rows as jsonb))
        as skipped (record_id text, field text, ours text, theirs text)
on conflict (undo_id, record_id, field) do update set theirs = excluded.theirs
