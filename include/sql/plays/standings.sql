-- Grain: one row per account scored on a day by a card of an outcome. Which row stands for an
-- account: health.shown_on. Attributes as they stood at the end of the day, those asked for; arr:
-- in the reporting currency, NULL where it is unknown or cannot be converted. Reads only.
with day as materialized (
    select core.end_of(cast(:as_of as date)) as until
),

stood as (
    select
        valid.account_id,
        max(valid.value) filter (where valid.attribute = 'arr') as arr,
        max(valid.value) filter (where valid.attribute = 'currency') as currency,
        jsonb_object_agg(valid.attribute, valid.value) filter (
            where valid.attribute = any(cast(:attributes as text[])) and valid.value is not null
        ) as attributes
    from day
    inner join core.account_attribute as valid
        on tstzrange(valid.valid_from, valid.valid_to, '(]') @> day.until
    where valid.attribute = any(array['arr', 'currency'] || cast(:attributes as text[]))
    group by valid.account_id
)

select
    snapshot.account_id,
    snapshot.scorecard_id,
    snapshot.score,
    snapshot.change_7d,
    snapshot.change_30d,
    snapshot.change_90d,
    snapshot.drivers,
    snapshot.fired,
    stood.attributes,
    valued.arr,
    coalesce(snapshot.confirmed_band, snapshot.band) as band
from health.shown_on(:as_of, cast(:scorecard_ids as smallint[])) as snapshot
left join stood on snapshot.account_id = stood.account_id
cross join
    lateral (
        select
            cast(
                core.major_in_reporting(
                    cast(stood.arr as numeric), stood.currency, snapshot.as_of
                ) as double precision
            ) as arr
    ) as valued
