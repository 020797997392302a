-- Grain: one row an account, published day of an outcome, and measure, in that order. rules: of
-- each measure, by its id, when its reading is unknown. Reads only.
select -- noqa: ST06
    fact.account_id,
    account.crm,
    account.crm_id,
    account.name,
    fact.day,
    fact.outcome,
    scorecard.scorecard,
    measure.category,
    measure.name as measure,
    measure.label,
    measure.unit,
    fact.reading,
    cast(fact.points as numeric(12, 9)) as points,
    fact.state,
    case
        when fact.reading is null then cast(:rules as jsonb) ->> cast(fact.measure_id as text)
    end as unknown_when,
    fact.is_known,
    fact.carried_days,
    measure.share
from health_bi.fact_measure as fact
inner join health_bi.dim_account as account on fact.account_id = account.account_id
inner join health_bi.dim_measure as measure on fact.measure_id = measure.measure_id
inner join health_bi.dim_scorecard as scorecard on fact.scorecard_id = scorecard.scorecard_id
where fact.outcome = :outcome and fact.day between :first and :last
order by fact.day, fact.account_id, fact.measure_id
