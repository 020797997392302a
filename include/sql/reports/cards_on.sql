-- Grain: one row per account asked for that has a score on a day by one of the cards of an outcome:
-- which card's stands for it. Reads only.
select
    account_id,
    scorecard_id
from health.shown_on(:as_of, cast(:scorecard_ids as smallint[]))
where account_id = any(cast(:accounts as integer[]))
