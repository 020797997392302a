-- Grain: one row an account that a scorecard scored on a published day, by account: its points by
-- place of the measure; NULL: unknown, also where neutral ones stand in. Reads only.
select
    account_id,
    array_agg(case when is_known then points end order by measure_id) as points
from health_bi.fact_measure
where outcome = :outcome and day = :as_of and scorecard_id = :scorecard_id
group by account_id
order by account_id
