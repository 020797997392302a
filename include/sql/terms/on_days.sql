-- Grain: one row per account of the range and run of days on which it is a customer and is scored:
-- both ends included, last_day NULL while it is one. A term that was interrupted for a few days has
-- several runs; term_first_day is where the term began. Only runs with a day in
-- first_day..last_day. Reads only.
select
    account_id,
    term_no,
    first_day,
    last_day,
    term_first_day
from (
    select
        term.account_id,
        term.term_no,
        term.first_day as term_first_day,
        lower(run) as first_day,
        case when not upper_inf(run) then upper(run) - 1 end as last_day
    from core.term
    cross join lateral unnest(term.spans) as run
    where
        term.account_id between :first_account and :last_account
        and run && daterange(cast(:first_day as date), cast(:last_day as date), '[]')
) as covered
order by account_id, term_no, first_day
