-- Grain: one row, or none: where the newest snapshot of an account on a day comes from, live before
-- reconstructed; its run, its scorecard, and the readings it was computed from. Reads only.
with snapshot as materialized (
    select snapshot.*
    from health.snapshot
    inner join health.scorecard on snapshot.scorecard_id = scorecard.scorecard_id
    where
        scorecard.name = :name
        and scorecard.version = :version
        and snapshot.as_of = :as_of
        and snapshot.account_id = :account_id
    order by snapshot.basis asc, snapshot.revision desc
    limit 1
)

select
    scorecard.scorecard_id,
    scorecard.name,
    scorecard.version,
    scorecard.digest,
    scorecard.body,
    snapshot.basis,
    snapshot.revision,
    snapshot.run_no,
    run.run_id,
    run.kind as run_kind,
    run.started_at as run_started_at,
    reading.revision as reading_revision,
    reading.run_no as reading_run_no,
    publication.published_at,
    publication.run_no as published_by_run_no,
    cardinality(snapshot.points) = 0 as is_thinned,
    to_hex(snapshot.digest) as snapshot_digest
from snapshot
inner join health.scorecard on snapshot.scorecard_id = scorecard.scorecard_id
left join health.run on snapshot.run_no = run.run_no
left join health.publication
    on
        snapshot.as_of = publication.as_of
        and snapshot.scorecard_id = publication.scorecard_id
        and snapshot.basis = 'live'
left join lateral (
    select
        reading.revision,
        reading.run_no
    from health.reading
    where
        reading.as_of = snapshot.as_of
        and reading.scorecard_id = snapshot.scorecard_id
        and reading.basis = snapshot.basis
        and reading.account_id = snapshot.account_id
    order by reading.revision desc
    limit 1
) as reading on true
