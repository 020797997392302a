-- Grain: one row for each thing said of carried readings in the rows of these accounts, all
-- revisions; hash names it. Reads only.
select distinct
    cast(carried as text) as word,
    jsonb_hash_extended(carried, 1) as hash
from health.reading
where
    as_of = :as_of
    and scorecard_id = :scorecard_id
    and basis = :basis
    and account_id between :first_account and :last_account
    and carried is not null
