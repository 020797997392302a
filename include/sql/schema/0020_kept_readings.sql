-- What stays of a score whose receipt was thinned. Re-run: refused by Alembic.

-- The readings of one score, whatever became of its receipt: the newest revision of them, and from
-- where each came (health.reading.origins). No row where there are none.
create function health.kept_readings(
    score_as_of date, score_scorecard_id smallint, score_basis text, score_account_id integer
) returns table (readings double precision[], origins text)
language sql stable parallel safe
as $$
select
    reading.readings,
    reading.origins
from health.reading
where
    reading.as_of = score_as_of
    and reading.scorecard_id = score_scorecard_id
    and reading.basis = score_basis
    and reading.account_id = score_account_id
order by reading.revision desc
limit 1
$$;

-- The readings of a receipt, or where it was thinned those that stay for ever.
create function health.readings_of(
    receipt double precision[], kept double precision[]
) returns double precision[]
language sql immutable parallel safe
return case when cardinality(receipt) = 0 then kept else receipt end;
