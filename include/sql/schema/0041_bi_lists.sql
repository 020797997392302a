-- What people look at first in BI tools: accounts, their history, who moved. Re-run: refused.

create view health_bi.accounts_today as
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
    (now() at time zone calendar.time_zone)::date - seen.as_of as days_old
from health.seen_account as seen
inner join health.scorecard on seen.scorecard_id = scorecard.scorecard_id
cross join core.calendar
left join (
    select
        card_measure.scorecard_id,
        array_agg(card_measure.label order by card_measure.place) as labels
    from health.card_measure
    group by card_measure.scorecard_id
) as card on seen.scorecard_id = card.scorecard_id
where seen.nth = 1;
comment on view health_bi.accounts_today is
'One row an account and outcome: its score on the newest published day.';
comment on column health_bi.accounts_today.account_id is 'Our number of the account.';
comment on column health_bi.accounts_today.crm is 'Name of the CRM among the sources.';
comment on column health_bi.accounts_today.crm_id is 'Id of the record in the CRM.';
comment on column health_bi.accounts_today.name is 'Name of the account.';
comment on column health_bi.accounts_today.outcome is
'What the score tells: retention, adoption or expansion.';
comment on column health_bi.accounts_today.owner_id is
'Id of the owner in the CRM at the end of the day.';
comment on column health_bi.accounts_today.owner is 'Name of that owner.';
comment on column health_bi.accounts_today.segment is 'Segment at the end of the day.';
comment on column health_bi.accounts_today.lifecycle is
'Stage of the life cycle at the end of the day, in the CRM''s word.';
comment on column health_bi.accounts_today.score is
'Score, 0 to 100, 100 is healthiest; NULL: unknown.';
comment on column health_bi.accounts_today.band is 'Band of the day, or unknown.';
comment on column health_bi.accounts_today.confirmed_band is
'Band that stood as long as the card asks, or unknown.';
comment on column health_bi.accounts_today.change_7d is
'Score less that of 7 days before; NULL: either is unknown.';
comment on column health_bi.accounts_today.change_30d is
'Score less that of 30 days before; NULL: either is unknown.';
comment on column health_bi.accounts_today.change_90d is
'Score less that of 90 days before; NULL: either is unknown.';
comment on column health_bi.accounts_today.trend is
'declining, stable, improving, volatile, too_short or unknown.';
comment on column health_bi.accounts_today.streak_days is
'Days in a row on which the score rose (above 0) or fell.';
comment on column health_bi.accounts_today.below_since is
'Since when it is below the best band; NULL: it is not, or unknown.';
comment on column health_bi.accounts_today.coverage is 'Part of the weight that is known, 0 to 1.';
comment on column health_bi.accounts_today.floor_score is
'Score if everything unknown were at its worst.';
comment on column health_bi.accounts_today.ceiling_score is
'Score if everything unknown were at its best.';
comment on column health_bi.accounts_today.is_overridden is
'Whether a person''s override is in the score.';
comment on column health_bi.accounts_today.main_driver is
'Measure that costs the score most points; NULL: none does.';
comment on column health_bi.accounts_today.second_driver is 'The next one.';
comment on column health_bi.accounts_today.third_driver is 'The one after that.';
comment on column health_bi.accounts_today.renewal_date is
'Day of the next renewal, as it stood at the end of the day.';
comment on column health_bi.accounts_today.days_to_renewal is
'Days from the score''s day to the renewal; below 0: it is past.';
comment on column health_bi.accounts_today.arr is
'Annual revenue in `currency` at the day''s rate; NULL: unknown or without a rate.';
comment on column health_bi.accounts_today.currency is 'The reporting currency.';
comment on column health_bi.accounts_today.entered_arr is 'Annual revenue as the CRM has it.';
comment on column health_bi.accounts_today.entered_currency is 'Currency of entered_arr.';
comment on column health_bi.accounts_today.scorecard is
'The card that scored the account, with version.';
comment on column health_bi.accounts_today.basis is
'live: as known on that day; reconstructed: computed later.';
comment on column health_bi.accounts_today.as_of is 'The day that the score describes.';
comment on column health_bi.accounts_today.published_at is
'When the day''s scores passed their checks.';
comment on column health_bi.accounts_today.days_old is
'Days from as_of to today; 1 after a night''s run that went well.';

create view health_bi.history as
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
    seen.published_at
from health.seen_score as seen
inner join core.account on seen.account_id = account.account_id
inner join health.scorecard on seen.scorecard_id = scorecard.scorecard_id;
comment on view health_bi.history is
'One row an account, published day and outcome. Filter the day or the account.';
comment on column health_bi.history.account_id is 'Our number of the account.';
comment on column health_bi.history.crm is 'Name of the CRM among the sources.';
comment on column health_bi.history.crm_id is 'Id of the record in the CRM.';
comment on column health_bi.history.name is 'Name of the account.';
comment on column health_bi.history.as_of is 'The day that the score describes.';
comment on column health_bi.history.newest_no is
'1 on the newest published day of the outcome, 2 on the one before, and so on.';
comment on column health_bi.history.outcome is
'What the score tells: retention, adoption or expansion.';
comment on column health_bi.history.scorecard is 'The card that scored the account, with version.';
comment on column health_bi.history.score is 'Score, 0 to 100, 100 is healthiest; NULL: unknown.';
comment on column health_bi.history.band is 'Band of the day, or unknown.';
comment on column health_bi.history.confirmed_band is
'Band that stood as long as the card asks, or unknown.';
comment on column health_bi.history.change_7d is
'Score less that of 7 days before; NULL: either is unknown.';
comment on column health_bi.history.change_30d is
'Score less that of 30 days before; NULL: either is unknown.';
comment on column health_bi.history.change_90d is
'Score less that of 90 days before; NULL: either is unknown.';
comment on column health_bi.history.trend is
'declining, stable, improving, volatile, too_short or unknown.';
comment on column health_bi.history.slope_30d is
'Points in 30 days, the median slope; NULL: fewer than 5 known days.';
comment on column health_bi.history.slope_p is
'Significance of the slope, 0 to 1; small means a trend.';
comment on column health_bi.history.streak_days is
'Days in a row on which the score rose (above 0) or fell.';
comment on column health_bi.history.below_since is
'Since when it is below the best band; NULL: it is not, or unknown.';
comment on column health_bi.history.coverage is 'Part of the weight that is known, 0 to 1.';
comment on column health_bi.history.floor_score is 'Score if everything unknown were at its worst.';
comment on column health_bi.history.ceiling_score is
'Score if everything unknown were at its best.';
comment on column health_bi.history.base_score is 'Score before rules and override.';
comment on column health_bi.history.raw_score is 'Plain mean of the points, without weights.';
comment on column health_bi.history.is_overridden is
'Whether a person''s override is in the score.';
comment on column health_bi.history.basis is
'live: as known on that day; reconstructed: computed later.';
comment on column health_bi.history.revision is 'Revision of the score, from 1; the newest stands.';
comment on column health_bi.history.run_no is 'Run that computed the score.';
comment on column health_bi.history.published_at is 'When the day''s scores passed their checks.';

create view health_bi.movers as
select -- noqa: ST06
    account.account_id,
    account.source as crm,
    account.source_account_id as crm_id,
    account.name,
    moved.outcome,
    moved.as_of,
    moved.score,
    moved.band,
    moved.previous_as_of,
    moved.previous_score,
    moved.previous_band,
    moved.score - moved.previous_score as change_1d,
    moved.change_30d,
    case
        when moved.previous_band is null then 'new'
        when moved.band is null then 'left'
        when moved.previous_score is null and moved.score is not null then 'known'
        when moved.score is null and moved.previous_score is not null then 'unknown'
        when moved.score > moved.previous_score then 'up'
        when moved.score < moved.previous_score then 'down'
        else 'band'
    end as movement
from (
    select
        day.outcome,
        day.as_of,
        day.previous_as_of,
        shown.account_id,
        max(shown.score) filter (where both_days.is_now) as score,
        max(shown.band) filter (where both_days.is_now) as band,
        max(shown.change_30d) filter (where both_days.is_now) as change_30d,
        max(shown.score) filter (where not both_days.is_now) as previous_score,
        max(shown.band) filter (where not both_days.is_now) as previous_band
    from health.seen_day as day
    cross join
        lateral (
            values
            (true, day.as_of, day.scorecard_ids),
            (false, day.previous_as_of, day.previous_scorecard_ids)
        ) as both_days (is_now, as_of, scorecard_ids)
    cross join
        lateral (
            select distinct on (snapshot.account_id)
                snapshot.account_id,
                snapshot.score,
                snapshot.band,
                snapshot.change_30d
            from health.latest_snapshot as snapshot
            where
                snapshot.as_of = both_days.as_of
                and snapshot.scorecard_id = any(both_days.scorecard_ids)
            order by
                snapshot.account_id asc, snapshot.basis asc, snapshot.run_no desc,
                snapshot.scorecard_id desc
        ) as shown
    where day.nth = 1 and day.previous_as_of is not null
    group by day.outcome, day.as_of, day.previous_as_of, shown.account_id
) as moved
inner join core.account on moved.account_id = account.account_id
where
    moved.score is distinct from moved.previous_score
    or moved.band is distinct from moved.previous_band;
comment on view health_bi.movers is
'One row an account and outcome whose score or band moved since the published day before.';
comment on column health_bi.movers.account_id is 'Our number of the account.';
comment on column health_bi.movers.crm is 'Name of the CRM among the sources.';
comment on column health_bi.movers.crm_id is 'Id of the record in the CRM.';
comment on column health_bi.movers.name is 'Name of the account.';
comment on column health_bi.movers.outcome is
'What the score tells: retention, adoption or expansion.';
comment on column health_bi.movers.as_of is 'The newest published day.';
comment on column health_bi.movers.score is 'Score, 0 to 100, 100 is healthiest; NULL: unknown.';
comment on column health_bi.movers.band is 'Band of the day; NULL: not scored.';
comment on column health_bi.movers.previous_as_of is 'The published day before.';
comment on column health_bi.movers.previous_score is
'Score on that day; NULL: unknown, or not scored.';
comment on column health_bi.movers.previous_band is 'Band on that day; NULL: not scored.';
comment on column health_bi.movers.change_1d is
'Score less that of the published day before, usually of yesterday.';
comment on column health_bi.movers.change_30d is
'Score less that of 30 days before; NULL: either is unknown.';
comment on column health_bi.movers.movement is
'up, down, known (a score came), unknown (it went), band (only the band), new (not scored before)'
' or left (not scored now).';
