-- Grain: one row per account of the range and run of days (both ends included) of a term;
-- term_first_day is where the term began. Only runs with a day in first_day..last_day. Reads only.
select
    term.account_id,
    term.first_day as term_first_day,
    lower(run) as first_day,
    coalesce(upper(run) - 1, cast(:last_day as date)) as last_day
from core.term
cross join lateral unnest(term.spans) as run
where
    term.account_id between :first_account and :last_account
    and run && daterange(cast(:first_day as date), cast(:last_day as date), '[]')
