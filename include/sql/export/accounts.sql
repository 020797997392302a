-- Grain: one row an account of an outcome and published day, by account: as
-- health_bi.accounts_today shows the newest one. Reads only.
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
    seen.score::numeric(12, 9) as score,
    seen.band,
    case
        when seen.band != 'unknown' then null
        when seen.score is null then 'nothing that weighs is known'
        when seen.coverage < (body.content ->> 'min_coverage')::double precision
            then 'coverage is below ' || (body.content ->> 'min_coverage')
        else 'floor and ceiling are in different bands'
    end as band_unknown_because,
    coalesce(seen.confirmed_band, seen.band) as confirmed_band,
    seen.change_7d::numeric(12, 9) as change_7d,
    seen.change_30d::numeric(12, 9) as change_30d,
    seen.change_90d::numeric(12, 9) as change_90d,
    seen.direction as trend,
    seen.streak_days,
    seen.below_since,
    seen.coverage::numeric(10, 9) as coverage,
    seen.floor::numeric(12, 9) as floor_score,
    seen.ceiling::numeric(12, 9) as ceiling_score,
    coalesce(seen.context ? 'override', false) as is_overridden,
    card.labels[seen.drivers[1] + 1] as main_driver,
    card.labels[seen.drivers[2] + 1] as second_driver,
    card.labels[seen.drivers[3] + 1] as third_driver,
    seen.renewal_date,
    seen.renewal_date - seen.as_of as days_to_renewal,
    seen.arr::numeric(38, 9) as arr,
    seen.currency,
    seen.entered_arr::numeric(38, 9) as entered_arr,
    seen.entered_currency,
    scorecard.name || '.v' || scorecard.version as scorecard,
    seen.basis,
    seen.as_of,
    seen.published_at,
    (now() at time zone calendar.time_zone)::date - seen.as_of as days_old
from health.seen_account as seen
inner join health.scorecard on seen.scorecard_id = scorecard.scorecard_id
inner join health.card_body as body on seen.scorecard_id = body.scorecard_id
cross join core.calendar
left join (
    select
        card_measure.scorecard_id,
        array_agg(card_measure.label order by card_measure.place) as labels
    from health.card_measure
    group by card_measure.scorecard_id
) as card on seen.scorecard_id = card.scorecard_id
where seen.outcome = :outcome and seen.as_of between :first and :last
order by seen.as_of, seen.account_id
