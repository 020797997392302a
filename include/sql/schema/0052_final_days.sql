-- The last score of a term belongs to the day on which the term ended. Re-run: refused by Alembic.

-- The final snapshot of each ended term with what became of the account. Found by the last day of
-- the term: its number may be another one since an earlier term became known, or two became one.
-- Where one end was frozen twice, the choice that was made first counts.
create or replace view health.final_snapshot as
select
    frozen.account_id,
    term.term_no,
    frozen.scorecard_id,
    frozen.revision,
    frozen.last_day,
    frozen.as_of,
    frozen.basis,
    frozen.snapshot_revision,
    snapshot.score,
    snapshot.band,
    snapshot.coverage,
    outcome.kind as outcome,
    outcome.occurred_on,
    outcome.amount_before,
    outcome.amount_after,
    outcome.currency
from (
    select distinct on (account_id, scorecard_id, last_day) *
    from health.frozen_snapshot
    order by account_id asc, scorecard_id asc, last_day asc, frozen_at asc, revision asc
) as frozen
inner join core.term
    on frozen.account_id = term.account_id and frozen.last_day = term.last_day
inner join health.snapshot
    on
        frozen.as_of = snapshot.as_of
        and frozen.scorecard_id = snapshot.scorecard_id
        and frozen.basis = snapshot.basis
        and frozen.account_id = snapshot.account_id
        and frozen.snapshot_revision = snapshot.revision
left join health.current_outcome as outcome
    on
        frozen.account_id = outcome.account_id
        and outcome.subject = 'end of term ' || term.term_no
        and term.last_day + 1 = outcome.occurred_on;
