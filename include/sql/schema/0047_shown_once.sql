-- What lists, files and BI tools say of a day, once. Re-run: refused by Alembic.

-- Why a band is unknown; NULL: it is known. min_coverage: what the card asks for.
create function health.band_because(
    band text, score double precision, coverage double precision, min_coverage double precision
) returns text
language sql immutable parallel safe
as $$
select case
    when band != 'unknown' then null
    when score is null then 'nothing that weighs is known'
    when coverage < min_coverage then 'coverage is below ' || min_coverage
    else 'floor and ceiling are in different bands'
end
$$;

-- One row an outcome, day that people may see, and account: all that a list of accounts says. nth:
-- 1 for the newest day of the outcome. Filter as_of or nth: both are looked up before any score.
create view health.account_shown as
select -- noqa: ST06
    seen.account_id,
    seen.crm,
    seen.crm_id,
    seen.name,
    seen.outcome,
    seen.owner_id,
    seen.owner,
    seen.segment,
    seen.lifecycle,
    seen.score,
    seen.band,
    coalesce(seen.confirmed_band, seen.band) as confirmed_band,
    seen.change_7d,
    seen.change_30d,
    seen.change_90d,
    seen.direction as trend,
    seen.streak_days,
    seen.below_since,
    seen.coverage,
    seen.floor as floor_score,
    seen.ceiling as ceiling_score,
    coalesce(seen.context ? 'override', false) as is_overridden,
    card.labels[seen.drivers[1] + 1] as main_driver,
    card.labels[seen.drivers[2] + 1] as second_driver,
    card.labels[seen.drivers[3] + 1] as third_driver,
    seen.renewal_date,
    seen.renewal_date - seen.as_of as days_to_renewal,
    seen.arr,
    seen.currency,
    seen.entered_arr,
    seen.entered_currency,
    scorecard.name || '.v' || scorecard.version as scorecard,
    seen.basis,
    seen.as_of,
    seen.published_at,
    (now() at time zone calendar.time_zone)::date - seen.as_of as days_old,
    health.band_because(
        seen.band, seen.score, seen.coverage,
        (body.content ->> 'min_coverage')::double precision
    ) as band_unknown_because,
    seen.nth
from health.seen_account as seen
inner join health.scorecard on seen.scorecard_id = scorecard.scorecard_id
left join health.card_body as body on seen.scorecard_id = body.scorecard_id
cross join core.calendar
left join (
    select
        card_measure.scorecard_id,
        array_agg(card_measure.label order by card_measure.place) as labels
    from health.card_measure
    group by card_measure.scorecard_id
) as card on seen.scorecard_id = card.scorecard_id;

create or replace view health_bi.accounts_today as
select -- noqa: ST06
    account_id,
    crm,
    crm_id,
    name,
    outcome,
    owner_id,
    owner,
    segment,
    lifecycle,
    score,
    band,
    confirmed_band,
    change_7d,
    change_30d,
    change_90d,
    trend,
    streak_days,
    below_since,
    coverage,
    floor_score,
    ceiling_score,
    is_overridden,
    main_driver,
    second_driver,
    third_driver,
    renewal_date,
    days_to_renewal,
    arr,
    currency,
    entered_arr,
    entered_currency,
    scorecard,
    basis,
    as_of,
    published_at,
    days_old,
    band_unknown_because
from health.account_shown
where nth = 1;
comment on column health_bi.accounts_today.band_unknown_because is
'Why the band is unknown; NULL: it is known.';

create or replace view health_bi.history as
select -- noqa: ST06
    account.account_id,
    account.source as crm,
    account.source_account_id as crm_id,
    account.name,
    seen.as_of,
    seen.nth as newest_no,
    seen.outcome,
    scorecard.name || '.v' || scorecard.version as scorecard,
    seen.score,
    seen.band,
    coalesce(seen.confirmed_band, seen.band) as confirmed_band,
    seen.change_7d,
    seen.change_30d,
    seen.change_90d,
    seen.direction as trend,
    seen.slope_30d,
    seen.slope_p,
    seen.streak_days,
    seen.below_since,
    seen.coverage,
    seen.floor as floor_score,
    seen.ceiling as ceiling_score,
    coalesce(seen.base, seen.score) as base_score,
    seen.raw as raw_score,
    coalesce(seen.context ? 'override', false) as is_overridden,
    seen.basis,
    seen.revision,
    seen.run_no,
    seen.published_at,
    health.band_because(
        seen.band, seen.score, seen.coverage,
        (body.content ->> 'min_coverage')::double precision
    ) as band_unknown_because
from health.seen_score as seen
inner join core.account on seen.account_id = account.account_id
inner join health.scorecard on seen.scorecard_id = scorecard.scorecard_id
left join health.card_body as body on seen.scorecard_id = body.scorecard_id;
comment on column health_bi.history.band_unknown_because is
'Why the band is unknown; NULL: it is known.';

-- As before, and which rules act: by place on the card, a bit each.
create or replace view health.seen_score as
select
    day.outcome,
    day.published_at,
    day.nth,
    day.as_of,
    shown.account_id,
    shown.scorecard_id,
    shown.basis,
    shown.revision,
    shown.run_no,
    shown.score,
    shown.base,
    shown.raw,
    shown.floor,
    shown.ceiling,
    shown.coverage,
    shown.band,
    shown.confirmed_band,
    shown.change_7d,
    shown.change_30d,
    shown.change_90d,
    shown.slope_30d,
    shown.slope_p,
    shown.direction,
    shown.streak_days,
    shown.below_since,
    shown.points,
    shown.readings,
    shown.drivers,
    shown.context,
    shown.fired,
    shown.undecided
from health.seen_day as day
cross join lateral (
    select distinct on (snapshot.account_id) snapshot.*
    from health.latest_snapshot as snapshot
    where
        snapshot.as_of = day.as_of
        and snapshot.scorecard_id = any(day.scorecard_ids)
    order by
        snapshot.account_id asc, snapshot.basis asc, snapshot.run_no desc,
        snapshot.scorecard_id desc
) as shown;

-- One row an account, day that people may see, outcome and measure, and what the cause of an
-- unknown reading is told from: basis, context, the place of the measure on the card from 1.
create view health.measure_shown as
select -- noqa: ST06
    told.*,
    case when told.state != 'thinned' then told.state in ('measured', 'carried', 'zero') end
        as is_known
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
        (seen.context #>> array['carried', measure.name])::integer as carried_days,
        measure.place,
        seen.basis,
        seen.context
    from health.seen_score as seen
    inner join health.card_measure as measure on seen.scorecard_id = measure.scorecard_id
) as told;

create or replace view health_bi.fact_measure as
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
    told.is_known,
    told.carried_days
from health.measure_shown as told;
