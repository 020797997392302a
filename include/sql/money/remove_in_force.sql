-- Grain: one row per currency and day without a rate any more. Re-running removes none.
delete from core.rate_in_force
where
    not exists (
        select 1 from fresh_in_force
        where
            fresh_in_force.currency = rate_in_force.currency
            and fresh_in_force.day = rate_in_force.day
    )
