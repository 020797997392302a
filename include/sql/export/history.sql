-- Grain: one row an account of an outcome and published day, by day and account. Reads only.
select -- noqa: ST06
    history.account_id,
    history.crm,
    history.crm_id,
    history.name,
    history.as_of,
    history.outcome,
    history.scorecard,
    history.score::numeric(12, 9) as score,
    history.band,
    case
        when history.band != 'unknown' then null
        when history.score is null then 'nothing that weighs is known'
        when history.coverage < card.min_coverage then 'coverage is below ' || card.min_coverage
        else 'floor and ceiling are in different bands'
    end as band_unknown_because,
    history.confirmed_band,
    history.change_7d::numeric(12, 9) as change_7d,
    history.change_30d::numeric(12, 9) as change_30d,
    history.change_90d::numeric(12, 9) as change_90d,
    history.trend,
    history.slope_30d,
    history.slope_p::numeric(7, 6) as slope_p,
    history.streak_days,
    history.below_since,
    history.coverage::numeric(10, 9) as coverage,
    history.floor_score::numeric(12, 9) as floor_score,
    history.ceiling_score::numeric(12, 9) as ceiling_score,
    history.base_score::numeric(12, 9) as base_score,
    history.raw_score::numeric(12, 9) as raw_score,
    history.is_overridden,
    history.basis,
    history.revision,
    history.run_no,
    history.published_at
from health_bi.history
inner join health_bi.dim_scorecard as card on history.scorecard = card.scorecard
where history.outcome = :outcome and history.as_of between :first and :last
order by history.as_of, history.account_id
