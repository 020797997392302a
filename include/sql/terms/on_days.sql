-- Grain: one row per account of the range and run of days on which it is a customer and is scored:
-- both ends included and within first_day..last_day. A term that was interrupted for a few days has
-- several runs; term_first_day is where the term began. Reads only.
select
    term.account_id,
    term.first_day as term_first_day,
    greatest(lower(run), cast(:first_day as date)) as first_day,
    least(upper(run) - 1, cast(:last_day as date)) as last_day
from core.term
cross join lateral unnest(term.spans) as run
where
    term.account_id between :first_account and :last_account
    and run && daterange(cast(:first_day as date), cast(:last_day as date), '[]')
