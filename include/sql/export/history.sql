-- Grain: one row an account of an outcome and published day, by day and account. Reads only.
select -- noqa: ST06
    account_id,
    crm,
    crm_id,
    name,
    as_of,
    outcome,
    scorecard,
    score::numeric(12, 9) as score,
    band,
    band_unknown_because,
    confirmed_band,
    change_7d::numeric(12, 9) as change_7d,
    change_30d::numeric(12, 9) as change_30d,
    change_90d::numeric(12, 9) as change_90d,
    trend,
    slope_30d,
    slope_p::numeric(7, 6) as slope_p,
    streak_days,
    below_since,
    coverage::numeric(10, 9) as coverage,
    floor_score::numeric(12, 9) as floor_score,
    ceiling_score::numeric(12, 9) as ceiling_score,
    base_score::numeric(12, 9) as base_score,
    raw_score::numeric(12, 9) as raw_score,
    is_overridden,
    basis,
    revision,
    run_no,
    published_at
from health_bi.history
where outcome = :outcome and as_of between :first and :last
order by as_of, account_id
