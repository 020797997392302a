-- Grain: one row: the lowest and highest account with readings or snapshots of a scorecard, basis
-- and day. Reads only.
select
    min(account_id) as first,
    max(account_id) as last
from (
    (
        select min(account_id) as account_id
        from health.snapshot
        where as_of = :as_of and scorecard_id = :scorecard_id and basis = :basis
    )
    union all
    (
        select max(account_id) as account_id
        from health.snapshot
        where as_of = :as_of and scorecard_id = :scorecard_id and basis = :basis
    )
    union all
    (
        select min(account_id) as account_id
        from health.reading
        where as_of = :as_of and scorecard_id = :scorecard_id and basis = :basis
    )
    union all
    (
        select max(account_id) as account_id
        from health.reading
        where as_of = :as_of and scorecard_id = :scorecard_id and basis = :basis
    )
) as ends
