-- Where a score is going and since when. Re-run: refused by Alembic.
-- From here on slope_30d is the median of the slopes between all pairs of known days of the last
-- 30, and direction the state of the trend: declining, stable, improving, volatile, too_short;
-- unknown on a day without a score. Rows of before keep what they said.
-- slope_p: the two-sided significance of the trend, 0 to 1. streak_days: days in a row on which the
-- score rose (above 0) or fell; 90 is 90 or more. below_since: the first of the days below the best
-- band; where that is more than 90 days ago, the first known one of these; NULL: in the best band,
-- or no band was known. confirmed_band: the last band that stood for as many readings in a row as
-- the scorecard asks, 'unknown' where none did; NULL: the band of the day is confirmed.
alter table health.snapshot
add column slope_p double precision,
add column streak_days smallint not null default 0,
add column below_since date,
add column confirmed_band text;

create or replace view health.latest_snapshot as
select distinct on (snapshot.scorecard_id, snapshot.account_id, snapshot.as_of) snapshot.*
from health.snapshot
order by
    snapshot.scorecard_id asc, snapshot.account_id asc, snapshot.as_of asc,
    snapshot.basis asc, snapshot.revision desc;
