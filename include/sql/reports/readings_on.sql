-- Grain: one row per account: the readings of its newest snapshot on one day. Reads only.
select
    account_id,
    readings
from health.latest_snapshot
where
    scorecard_id = :scorecard_id
    and as_of = :as_of
    and account_id = any(cast(:accounts as integer[]))
