-- Grain: one row: the last day of a range on which any of these accounts was read by a scorecard;
-- NULL: none. Reads only.
select max(as_of) as as_of
from health.reading
where
    as_of between :first_day and :last_day
    and scorecard_id = :scorecard_id
    and account_id between :first_account and :last_account
