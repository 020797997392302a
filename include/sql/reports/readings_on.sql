-- Grain: one row per account: the readings of its newest snapshot on one day. Reads only.
-- Where the receipt was thinned, those of health.reading, which stay for ever.
select
    snapshot.account_id,
    case
        when cardinality(snapshot.readings) = 0 then known.readings else snapshot.readings
    end as readings
from health.latest_snapshot as snapshot
left join lateral (
    select reading.readings
    from health.reading
    where
        cardinality(snapshot.readings) = 0
        and reading.as_of = snapshot.as_of
        and reading.scorecard_id = snapshot.scorecard_id
        and reading.basis = snapshot.basis
        and reading.account_id = snapshot.account_id
    order by reading.revision desc
    limit 1
) as known on true
where
    snapshot.scorecard_id = :scorecard_id
    and snapshot.as_of = :as_of
    and snapshot.account_id = any(cast(:accounts as integer[]))
