-- Grain: one row per account and role that is no longer linked. Re-running removes nothing.
delete from health.known_from
where
    account_id between :first_account and :last_account
    and not exists (
        select 1
        from fresh_known
        where
            fresh_known.account_id = known_from.account_id and fresh_known.role = known_from.role
    )
