-- Grain: one row an account of an outcome that moved since the published day before. Reads only.
select
    account_id,
    crm,
    crm_id,
    name,
    outcome,
    as_of,
    score::numeric(12, 9) as score,
    band,
    previous_as_of,
    previous_score::numeric(12, 9) as previous_score,
    previous_band,
    change_1d::numeric(12, 9) as change_1d,
    change_30d::numeric(12, 9) as change_30d,
    movement
from health_bi.movers
where outcome = :outcome
order by account_id
