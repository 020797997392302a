-- Grain: one row, or none: where the score of an account on a day by one of these cards comes from:
-- its run, its scorecard, and the readings it was computed from. Which row: health.shown_on. Reads
-- only.
with snapshot as materialized (
    select *
    from health.shown_on(:as_of, cast(:scorecard_ids as smallint[]))
    where account_id = :account_id
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
