-- The scores that people see, found faster. Re-run: refused by Alembic.

-- Says the same as before: one row an account, its newest score on a day by any of the cards of one
-- outcome; of two, the live row before the reconstructed one, then the one of the later run. With
-- one card there is nothing to choose; with several one more sort is far less than a look-up a row.
create or replace function health.shown_on(
    day date, scorecard_ids smallint[]
) returns setof health.latest_snapshot
language sql stable parallel safe
as $$
select *
from health.latest_snapshot
where
    as_of = day
    and scorecard_id = any(scorecard_ids)
    and cardinality(scorecard_ids) = 1
union all
(
    select distinct on (account_id) *
    from health.latest_snapshot
    where
        as_of = day
        and scorecard_id = any(scorecard_ids)
        and cardinality(scorecard_ids) > 1
    order by account_id asc, basis asc, run_no desc, scorecard_id desc
)
$$;
