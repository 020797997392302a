-- Grain: one row, or none: one account's score by the cards of an outcome on the last scored day up
-- to a day. Which row stands for the account: health.shown_on.
-- Segment, owner, ARR and renewal as they stood at the end of that day. arr: in the reporting
-- currency at that day's rates, NULL where it cannot be converted; entered_arr, entered_currency:
-- as the CRM had it. readings: where the receipt was thinned, those that stay for ever; origins: a
-- letter a measure, NULL where all of the row came the same way.
with scored as materialized (
    select as_of
    from health.snapshot
    where
        scorecard_id = any(cast(:scorecard_ids as smallint[]))
        and account_id = :account_id
        and as_of <= :as_of
    order by as_of desc
    limit 1
),

snapshot as materialized (
    select
        shown.*,
        core.end_of(shown.as_of) as until
    from scored
    cross join
        lateral health.shown_on(scored.as_of, cast(:scorecard_ids as smallint[])) as shown
    where shown.account_id = :account_id
)

select
    account.account_id,
    account.source_account_id as crm_id,
    account.name,
    stood.segment,
    stood.arr as entered_arr,
    stood.currency as entered_currency,
    stood.renewal_date,
    snapshot.as_of,
    snapshot.basis,
    snapshot.revision,
    snapshot.run_no,
    snapshot.score,
    snapshot.band,
    snapshot.change_7d,
    snapshot.change_30d,
    snapshot.change_90d,
    snapshot.slope_30d,
    snapshot.slope_p,
    snapshot.direction,
    snapshot.streak_days,
    snapshot.below_since,
    snapshot.context,
    snapshot.scorecard_id,
    known.origins,
    coalesce(snapshot.confirmed_band, snapshot.band) as confirmed_band,
    scorecard.name || '.v' || scorecard.version as scorecard,
    health.readings_of(snapshot.readings, known.readings) as readings,
    core.major_in_reporting(stood.arr, stood.currency, snapshot.as_of) as arr
from snapshot
inner join core.account on snapshot.account_id = account.account_id
inner join health.scorecard on snapshot.scorecard_id = scorecard.scorecard_id
left join
    lateral core.attributes_on(snapshot.until) as stood
    on snapshot.account_id = stood.account_id
left join
    lateral health.kept_readings(
        snapshot.as_of, snapshot.scorecard_id, snapshot.basis, snapshot.account_id
    ) as known
    on true
