-- Grain: one row for each context in the rows of these accounts, all revisions; hash names it.
-- Reads only.
select distinct
    cast(context as text) as word,
    jsonb_hash_extended(context, 1) as hash
from health.snapshot
where
    as_of = :as_of
    and scorecard_id = :scorecard_id
    and basis = :basis
    and account_id between :first_account and :last_account
    and context is not null
