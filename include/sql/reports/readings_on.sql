-- Grain: one row per account: the readings of its newest snapshot on one day. Reads only.
-- Where the receipt was thinned, those of health.reading, which stay for ever.
select
    snapshot.account_id,
    health.readings_of(snapshot.readings, known.readings) as readings
from health.latest_snapshot as snapshot
left join
    lateral health.kept_readings(
        snapshot.as_of, snapshot.scorecard_id, snapshot.basis,
        case when cardinality(snapshot.readings) = 0 then snapshot.account_id end
    ) as known
    on true
where
    snapshot.scorecard_id = :scorecard_id
    and snapshot.as_of = :as_of
    and snapshot.account_id = any(cast(:accounts as integer[]))
