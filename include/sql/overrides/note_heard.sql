-- Grain: one account: what became of its words. Re-running changes nothing.
insert into health.override_heard (
    account_id, value, reason, until, heard_on, override_id, refused
)
values (:account_id, :value, :reason, :until, :heard_on, :override_id, :refused)
on conflict (account_id) do update set
    value = excluded.value,
    reason = excluded.reason,
    until = excluded.until,
    heard_on = excluded.heard_on,
    override_id = excluded.override_id,
    refused = excluded.refused
