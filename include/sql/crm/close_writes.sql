-- Grain: one row a record whose outcome is known now. Re-run: the same outcome.
update health.crm_write
set status = closed.status, answer = closed.answer, answered_at = now()
from
    jsonb_to_recordset(cast(:rows as jsonb))
        as closed (
            write_id bigint, status text, answer text
        )
where crm_write.write_id = closed.write_id
