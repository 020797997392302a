-- Which days and scores people see, for tools that cannot ask health.yaml. Re-run: refused.

-- The cards that a day was scored by, as health.yaml named them when it was published: a row a card
-- of the day, replaced when the newest day is run again.
create table health.deck (
    as_of date not null,
    scorecard_id smallint not null references health.scorecard,
    outcome text not null,
    is_shadow boolean not null,
    primary key (as_of, scorecard_id)
);
insert into health.deck (as_of, scorecard_id, outcome, is_shadow)
select
    publication.as_of,
    publication.scorecard_id,
    scorecard.body::jsonb ->> 'outcome',
    publication.is_shadow
from health.publication
inner join health.scorecard on publication.scorecard_id = scorecard.scorecard_id
where
    pg_input_is_valid(scorecard.body, 'jsonb')
    and scorecard.body::jsonb ->> 'outcome' is not null;

-- One row an outcome and day that people may see, as health.may_be_seen decides it for the cards of
-- that day, shadows left out. previous_*: the day before it that may be seen. nth: 1 for the newest
-- of the outcome, 2 for the one before, and so on.
create view health.seen_day as
select
    outcome,
    as_of,
    scorecard_ids,
    published_at,
    lag(as_of) over by_day as previous_as_of,
    lag(scorecard_ids) over by_day as previous_scorecard_ids,
    row_number() over (partition by outcome order by as_of desc) as nth
from (
    select
        deck.outcome,
        deck.as_of,
        array_agg(deck.scorecard_id order by deck.scorecard_id) as scorecard_ids,
        max(publication.published_at) as published_at
    from health.deck
    left join health.publication
        on
            deck.as_of = publication.as_of
            and deck.scorecard_id = publication.scorecard_id
    left join lateral (
        select true as is_there
        from health.snapshot
        where
            publication.as_of is null
            and snapshot.as_of = deck.as_of
            and snapshot.scorecard_id = deck.scorecard_id
            and snapshot.basis = 'live'
        order by snapshot.account_id
        limit 1
    ) as unpublished on true
    where not deck.is_shadow
    group by deck.outcome, deck.as_of
    having count(publication.as_of) > 0 and count(unpublished.is_there) = 0
) as seen
window by_day as (partition by outcome order by as_of);

-- One row an outcome, day that people may see, and account: the row that stands for it, as
-- health.shown_on chooses it. (Functions that read tables read them with the rights of whoever
-- asks; a view reads with its owner's.) as_of is the day's, so that asking for a day reads that
-- day alone.
create view health.seen_score as
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
    shown.context
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

-- What each scorecard says; NULL: its body is no JSON.
create view health.card_body as
select
    scorecard_id,
    case when pg_input_is_valid(body, 'jsonb') then body::jsonb end as content
from health.scorecard;

-- One row a measure of a scorecard. place: from 1, in the order of every array over measures.
-- share: its part of a score in which everything is known, 0 to 1. when_unknown: unknown, zero,
-- carry or neutral. target_by, has_target_months: what its target asks of the account, if anything.
create view health.card_measure as
select
    card.scorecard_id,
    category.content ->> 'name' as category,
    measure.content ->> 'name' as name,
    measure.content ->> 'label' as label,
    measure.content ->> 'unit' as unit,
    measure.content ->> 'why' as why,
    measure.content ->> 'good' as good,
    measure.content #>> '{target,by}' as target_by,
    row_number() over (
        partition by card.scorecard_id order by category.place, measure.place
    )::smallint as place,
    (
        category.weight * measure.weight / (category.weight_of_all * measure.weight_of_all)
    )::double precision as share,
    case
        when jsonb_typeof(measure.content -> 'when_unknown') = 'string'
            then measure.content ->> 'when_unknown'
        when measure.content -> 'when_unknown' ? 'neutral' then 'neutral'
        else 'carry'
    end as when_unknown,
    measure.content #> '{target,months,0}' is not null as has_target_months
from health.card_body as card
cross join
    lateral (
        select
            one.content,
            one.place,
            (one.content ->> 'weight')::numeric as weight,
            sum((one.content ->> 'weight')::numeric) over () as weight_of_all
        from
            jsonb_array_elements(card.content -> 'categories')
            with ordinality as one (content, place)
    ) as category
cross join lateral (
    select
        one.content,
        one.place,
        (one.content ->> 'weight')::numeric as weight,
        sum((one.content ->> 'weight')::numeric) over () as weight_of_all
    from
        jsonb_array_elements(category.content -> 'measures')
        with ordinality as one (content, place)
) as measure;

-- One row an outcome, day that people may see, and account: its score, and the account as it stood
-- at the end of that day, as core.attributes_on says it (looked up account by account: a join to
-- all of them goes wrong where the planner takes many accounts for few). arr: in the reporting
-- currency at the day's rate.
create view health.seen_account as
select
    seen.*,
    account.source as crm,
    account.source_account_id as crm_id,
    account.name,
    stood.owner_id,
    owner.name as owner,
    stood.segment,
    stood.lifecycle,
    stood.renewal_date,
    stood.entered_arr,
    stood.entered_currency,
    money.currency,
    case
        when lower(stood.entered_currency) = money.currency then stood.entered_arr
        else round(stood.entered_arr * rate.rate, money.digits)
    end as arr
from health.seen_score as seen
inner join core.account on seen.account_id = account.account_id
cross join core.calendar
left join core.money on true
cross join
    lateral (
        select (seen.as_of + 1)::timestamp at time zone calendar.time_zone as until
    ) as day
left join lateral (
    select
        max(valid.value) filter (where valid.attribute = 'owner') as owner_id,
        max(valid.value) filter (where valid.attribute = 'segment') as segment,
        max(valid.value) filter (where valid.attribute = 'arr')::numeric as entered_arr,
        max(valid.value) filter (where valid.attribute = 'currency') as entered_currency,
        max(valid.value) filter (where valid.attribute = 'renewal_date')::date as renewal_date,
        max(valid.value) filter (where valid.attribute = 'lifecycle') as lifecycle
    from core.account_attribute as valid
    where
        valid.account_id = seen.account_id
        and valid.valid_from < day.until
        and (valid.valid_to is null or valid.valid_to >= day.until)
) as stood on true
left join core.owner on account.source = owner.source and stood.owner_id = owner.owner_id
left join core.rate_in_force as rate
    on lower(stood.entered_currency) = rate.currency and seen.as_of = rate.day;
