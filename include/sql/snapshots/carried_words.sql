-- Grain: one row for each thing that is said of carried readings of these accounts and days: JSON
-- of ages in days by measure. Reads only.
select distinct
    cast(carried as text) as word,
    jsonb_hash_extended(carried, 1) as hash
from health.reading
where
    as_of between :first_day and :last_day
    and scorecard_id = :scorecard_id
    and basis = :basis
    and account_id between :first_account and :last_account
    and carried is not null
