-- Scores and points by account and day for BI tools. Re-run: refused by Alembic.

create view health_bi.fact_score as
select -- noqa: ST06
    seen_score.account_id,
    seen_score.as_of as day,
    seen_score.outcome,
    seen_score.scorecard_id,
    seen_score.nth as newest_no,
    seen_score.score,
    coalesce(seen_score.base, seen_score.score) as base_score,
    seen_score.raw as raw_score,
    seen_score.floor as floor_score,
    seen_score.ceiling as ceiling_score,
    seen_score.coverage,
    seen_score.band,
    coalesce(seen_score.confirmed_band, seen_score.band) as confirmed_band,
    seen_score.change_7d,
    seen_score.change_30d,
    seen_score.change_90d,
    seen_score.slope_30d,
    seen_score.slope_p,
    seen_score.direction as trend,
    seen_score.streak_days,
    seen_score.below_since,
    coalesce(seen_score.context ? 'override', false) as is_overridden,
    seen_score.basis,
    seen_score.revision,
    seen_score.run_no
from health.seen_score;
comment on view health_bi.fact_score is
'One row an account, published day and outcome. Filter the day.';
comment on column health_bi.fact_score.account_id is 'Our number of the account.';
comment on column health_bi.fact_score.day is 'The day that the score describes.';
comment on column health_bi.fact_score.outcome is
'What the score tells: retention, adoption or expansion.';
comment on column health_bi.fact_score.scorecard_id is 'The card that scored the account.';
comment on column health_bi.fact_score.newest_no is
'1 on the newest published day of the outcome, 2 on the one before, and so on.';
comment on column health_bi.fact_score.score is
'Score, 0 to 100, 100 is healthiest; NULL: unknown.';
comment on column health_bi.fact_score.base_score is 'Score before rules and override.';
comment on column health_bi.fact_score.raw_score is 'Plain mean of the points, without weights.';
comment on column health_bi.fact_score.floor_score is
'Score if everything unknown were at its worst.';
comment on column health_bi.fact_score.ceiling_score is
'Score if everything unknown were at its best.';
comment on column health_bi.fact_score.coverage is 'Part of the weight that is known, 0 to 1.';
comment on column health_bi.fact_score.band is 'Band of the day, or unknown.';
comment on column health_bi.fact_score.confirmed_band is
'Band that stood as long as the card asks, or unknown.';
comment on column health_bi.fact_score.change_7d is
'Score less that of 7 days before; NULL: either is unknown.';
comment on column health_bi.fact_score.change_30d is
'Score less that of 30 days before; NULL: either is unknown.';
comment on column health_bi.fact_score.change_90d is
'Score less that of 90 days before; NULL: either is unknown.';
comment on column health_bi.fact_score.slope_30d is
'Points in 30 days, the median slope; NULL: fewer than 5 known days.';
comment on column health_bi.fact_score.slope_p is
'Significance of the slope, 0 to 1; small means a trend.';
comment on column health_bi.fact_score.trend is
'declining, stable, improving, volatile, too_short or unknown.';
comment on column health_bi.fact_score.streak_days is
'Days in a row on which the score rose (above 0) or fell.';
comment on column health_bi.fact_score.below_since is
'Since when it is below the best band; NULL: it is not, or unknown.';
comment on column health_bi.fact_score.is_overridden is
'Whether a person''s override is in the score.';
comment on column health_bi.fact_score.basis is
'live: as known on that day; reconstructed: computed later.';
comment on column health_bi.fact_score.revision is
'Revision of the score, from 1; the newest stands.';
comment on column health_bi.fact_score.run_no is 'Run that computed the score.';

create view health_bi.fact_measure as
select -- noqa: ST06
    told.account_id,
    told.day,
    told.outcome,
    told.scorecard_id,
    told.measure_id,
    told.newest_no,
    told.reading,
    told.points,
    told.state,
    case when told.state != 'thinned' then told.state in ('measured', 'carried', 'zero') end
        as is_known,
    told.carried_days
from (
    select -- noqa: ST06
        seen.account_id,
        seen.as_of as day,
        seen.outcome,
        seen.scorecard_id,
        measure.scorecard_id * 1000 + measure.place as measure_id,
        seen.nth as newest_no,
        nullif(
            case
                when cardinality(seen.readings) > 0 then seen.readings[measure.place]
                else (
                    select reading.readings[measure.place]
                    from health.reading
                    where
                        reading.as_of = seen.as_of
                        and reading.scorecard_id = seen.scorecard_id
                        and reading.basis = seen.basis
                        and reading.account_id = seen.account_id
                    order by reading.revision desc
                    limit 1
                )
            end,
            'NaN'
        ) as reading,
        nullif(seen.points[measure.place], 'NaN') as points,
        case
            when cardinality(seen.points) = 0 then 'thinned'
            when seen.points[measure.place] = 'NaN' then 'unknown'
            when seen.readings[measure.place] = 'NaN' then measure.when_unknown
            when
                measure.when_unknown = 'neutral'
                and (
                    coalesce(not seen.context -> 'attributes' ? measure.target_by, true)
                    and measure.target_by is not null
                    or measure.has_target_months
                    and coalesce((seen.context ->> 'month')::integer, 0) = 0
                )
                then 'neutral'
            when seen.context -> 'carried' ? measure.name then 'carried'
            else 'measured'
        end as state,
        (seen.context #>> array['carried', measure.name])::integer as carried_days
    from health.seen_score as seen
    inner join health.card_measure as measure on seen.scorecard_id = measure.scorecard_id
) as told;
comment on view health_bi.fact_measure is
'One row an account, published day, outcome and measure. Filter the day.';
comment on column health_bi.fact_measure.account_id is 'Our number of the account.';
comment on column health_bi.fact_measure.day is 'The day that the score describes.';
comment on column health_bi.fact_measure.outcome is
'What the score tells: retention, adoption or expansion.';
comment on column health_bi.fact_measure.scorecard_id is 'The card that scored the account.';
comment on column health_bi.fact_measure.measure_id is 'The measure; see dim_measure.';
comment on column health_bi.fact_measure.newest_no is
'1 on the newest published day of the outcome, 2 on the one before, and so on.';
comment on column health_bi.fact_measure.reading is
'What was read, in the measure''s unit; NULL: unknown.';
comment on column health_bi.fact_measure.points is
'Points, 0 to 100; NULL: unknown, or the receipt was thinned.';
comment on column health_bi.fact_measure.state is
'measured, carried (the last known one holds on), zero or neutral (unknown, by the card''s word '
'worth that), unknown, or thinned (a receipt that is not kept).';
comment on column health_bi.fact_measure.is_known is
'Whether it counts in the coverage; NULL: thinned.';
comment on column health_bi.fact_measure.carried_days is
'Age of a carried reading in days; NULL: not carried.';
