-- Grain: one row per account scored on a day by a card of an outcome, worst first, unknown last.
-- Reads only. Which row stands for an account: health.shown_on. Segment, owner, ARR and renewal as
-- they stood at the end of the day. arr: in the reporting currency at that day's rates, NULL where
-- it cannot be converted; entered_arr, entered_currency: as the CRM had it.
with day as materialized (
    select core.end_of(cast(:as_of as date)) as until
),

stood as (
    select entered.*
    from day
    cross join lateral core.attributes_on(day.until) as entered
)

select
    account.account_id,
    account.source_account_id as crm_id,
    account.name,
    stood.segment,
    stood.arr as entered_arr,
    stood.currency as entered_currency,
    valued.arr,
    stood.renewal_date,
    owner.name as owner,
    snapshot.as_of,
    snapshot.basis,
    snapshot.revision,
    snapshot.run_no,
    snapshot.score,
    snapshot.raw,
    snapshot.floor,
    snapshot.ceiling,
    snapshot.coverage,
    snapshot.band,
    snapshot.change_7d,
    snapshot.change_30d,
    snapshot.change_90d,
    snapshot.slope_30d,
    snapshot.slope_p,
    snapshot.direction,
    snapshot.streak_days,
    snapshot.below_since,
    snapshot.readings,
    coalesce(snapshot.confirmed_band, snapshot.band) as confirmed_band,
    scorecard.name || '.v' || scorecard.version as scorecard
from health.shown_on(:as_of, cast(:scorecard_ids as smallint[])) as snapshot
inner join core.account on snapshot.account_id = account.account_id
inner join health.scorecard on snapshot.scorecard_id = scorecard.scorecard_id
left join stood on snapshot.account_id = stood.account_id
cross join
    lateral (
        select core.major_in_reporting(stood.arr, stood.currency, snapshot.as_of) as arr
    ) as valued
left join core.owner on account.source = owner.source and stood.owner_id = owner.owner_id
where cast(:band as text) is null or snapshot.band = :band
order by snapshot.score asc nulls last, valued.arr desc nulls last, account.account_id asc
limit :limit
