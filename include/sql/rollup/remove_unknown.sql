-- Grain: one row per touched account that is no longer linked in this role. Re-running removes
-- nothing.
delete from health.known_from
using touched
where
    known_from.account_id = touched.account_id
    and known_from.role = :role
    and not exists (
        select 1
        from fresh_known
        where
            fresh_known.account_id = known_from.account_id and fresh_known.role = known_from.role
    )
