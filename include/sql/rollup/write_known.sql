-- Grain: one row per account and role. Re-running writes nothing: only changed days are.
merge into health.known_from as known
using fresh_known as fresh
    on known.account_id = fresh.account_id and known.role = fresh.role
when matched and known.day != fresh.day then update set day = fresh.day
when not matched then
    insert (account_id, role, day) values (fresh.account_id, fresh.role, fresh.day)
