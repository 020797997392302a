-- Grain: one row an account and day whose newest readings hold any that were carried forward; hash
-- names what is said of them. Reads only.
select
    account_id,
    as_of,
    jsonb_hash_extended(carried, 1) as hash
from health.reading
where
    as_of between :first_day and :last_day
    and scorecard_id = :scorecard_id
    and basis = :basis
    and account_id between :first_account and :last_account
    and carried is not null
    and not exists (
        select 1
        from health.reading as newer
        where
            newer.as_of = reading.as_of
            and newer.scorecard_id = reading.scorecard_id
            and newer.basis = reading.basis
            and newer.account_id = reading.account_id
            and newer.revision > reading.revision
    )
