-- Grain: one row per account: the context of its newest live snapshot on a day. Reads only.
select distinct on (account_id)
    account_id,
    cast(context as text) as context
from health.snapshot
where
    as_of = :as_of
    and scorecard_id = :scorecard_id
    and basis = 'live'
    and account_id = any(cast(:accounts as integer[]))
order by account_id asc, revision desc
