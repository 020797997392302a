-- Grain: one row a scorecard and basis with readings or snapshots on a day. Reads only.
select
    scorecard.scorecard_id,
    scorecard.name,
    scorecard.version,
    scorecard.digest,
    scorecard.body,
    histories.basis
from health.scorecard
cross join (values ('live'), ('reconstructed')) as histories (basis)
where
    exists (
        select 1
        from health.snapshot
        where
            snapshot.as_of = :as_of
            and snapshot.scorecard_id = scorecard.scorecard_id
            and snapshot.basis = histories.basis
    )
    or exists (
        select 1
        from health.reading
        where
            reading.as_of = :as_of
            and reading.scorecard_id = scorecard.scorecard_id
            and reading.basis = histories.basis
    )
order by scorecard.scorecard_id, histories.basis
