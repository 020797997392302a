-- What a score depended on beside its readings, and what its rules did. Re-run: refused.
-- base: the score before rules and override; NULL: it is the score.
-- fired, undecided: bit k is rule k of the scorecard, which acts; which cannot be decided.
-- context: what the scorecard asked of the account's day, so that the row is enough to compute it
-- again: {"attributes": {name: value}, "month": of the term, "override": {"id", "to", "factor",
-- "may_raise"}, "carried": {measure: days}}; what is not there was not known, NULL: nothing was.
alter table health.snapshot
add column base double precision,
add column fired bigint not null default 0,
add column undecided bigint not null default 0,
add column context jsonb;

-- Which readings were carried forward, and the age of each in days; NULL: none.
alter table health.reading add column carried jsonb;

create or replace view health.latest_snapshot as
select distinct on (snapshot.scorecard_id, snapshot.account_id, snapshot.as_of) snapshot.*
from health.snapshot
order by
    snapshot.scorecard_id asc, snapshot.account_id asc, snapshot.as_of asc,
    snapshot.basis asc, snapshot.revision desc;
