-- Grain: one row per ended term, scorecard and end of the term: its last score, chosen once.
-- Re-running writes nothing, nor do later scores; only an end on another day is a new revision,
-- beside the old one; a term that only got another number is the same. The newest day of the
-- term's last 31 that has a score counts, live before reconstructed, of its revisions the newest.
insert into health.frozen_snapshot (
    account_id, term_no, scorecard_id, revision, last_day, as_of, basis, snapshot_revision
)
with numbered as (
    select
        account_id,
        term_no,
        scorecard_id,
        max(revision) as revision
    from health.frozen_snapshot
    group by account_id, term_no, scorecard_id
),

ended as (
    select
        term.account_id,
        term.term_no,
        term.first_day,
        term.last_day,
        scorecard.scorecard_id,
        coalesce(numbered.revision, 0) + 1 as revision
    from core.term
    cross join health.scorecard
    left join numbered
        on
            term.account_id = numbered.account_id
            and term.term_no = numbered.term_no
            and scorecard.scorecard_id = numbered.scorecard_id
    where
        term.last_day <= :as_of
        and term.last_day >= (select min(as_of) from health.snapshot)
        and not exists (
            select 1
            from health.frozen_snapshot as frozen
            where
                frozen.account_id = term.account_id
                and frozen.scorecard_id = scorecard.scorecard_id
                and frozen.last_day = term.last_day
        )
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
