-- Grain: one row per ended term, scorecard and end of the term: its last score, chosen once.
-- Re-running writes nothing, nor do later scores; only where the end of the term has moved is
-- there a new revision, beside the old one. The newest day of the term's last 31
-- that has a score counts, live before reconstructed, of its revisions the newest.
insert into health.frozen_snapshot (
    account_id, term_no, scorecard_id, revision, last_day, as_of, basis, snapshot_revision
)
with newest as (
    select distinct on (account_id, term_no, scorecard_id) *
    from health.frozen_snapshot
    order by account_id asc, term_no asc, scorecard_id asc, revision desc
),

ended as (
    select
        term.account_id,
        term.term_no,
        term.first_day,
        term.last_day,
        scorecard.scorecard_id,
        coalesce(newest.revision, 0) + 1 as revision
    from core.term
    cross join health.scorecard
    left join newest
        on
            term.account_id = newest.account_id
            and term.term_no = newest.term_no
            and scorecard.scorecard_id = newest.scorecard_id
    where
        term.last_day <= :as_of
        and term.last_day >= (select min(as_of) from health.snapshot)
        and newest.last_day is distinct from term.last_day
)

select distinct on (ended.account_id, ended.term_no, ended.scorecard_id)
    ended.account_id,
    ended.term_no,
    ended.scorecard_id,
    ended.revision,
    ended.last_day,
    snapshot.as_of,
    snapshot.basis,
    snapshot.revision
from ended
inner join health.snapshot
    on
        ended.account_id = snapshot.account_id
        and ended.scorecard_id = snapshot.scorecard_id
        and snapshot.as_of between ended.first_day and ended.last_day
        and snapshot.as_of > ended.last_day - 31
order by
    ended.account_id asc, ended.term_no asc, ended.scorecard_id asc,
    snapshot.as_of desc, snapshot.basis asc, snapshot.revision desc
