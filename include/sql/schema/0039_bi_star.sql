-- Days, accounts, scorecards, measures and scores for BI tools. Re-run: refused by Alembic.
-- All in one schema that holds nothing else; docs/bi.md lists every view and column, as the
-- comments here say it. Only days that people may see; no shadows; what is unknown is NULL.
create schema health_bi;
comment on schema health_bi is 'What BI tools read: docs/bi.md.';

create view health_bi.dim_day as
select -- noqa: ST06
    day.day,
    extract(isoyear from day.day)::integer as iso_year,
    extract(week from day.day)::integer as iso_week,
    extract(year from day.day)::integer as year,
    extract(quarter from day.day)::integer as quarter,
    extract(month from day.day)::integer as month,
    date_trunc('month', day.day)::date as month_start,
    date_trunc('week', day.day)::date as week_start,
    extract(isodow from day.day)::integer as weekday,
    to_char(day.day, 'FMDay') as weekday_name,
    day.day = (date_trunc('month', day.day) + interval '1 month - 1 day')::date as is_month_end,
    exists(
        select 1
        from health.seen_day
        where seen_day.as_of = day.day
    ) as is_published
from (
    select (bounds.first + one.number)::date as day
    from (select
        min(as_of) as first,
        max(as_of) as last
    from health.seen_day) as bounds
    cross join lateral generate_series(0, bounds.last - bounds.first) as one (number)
) as day;
comment on view health_bi.dim_day is
'One row a day, from the first to the newest that is published.';
comment on column health_bi.dim_day.day is 'The day; key.';
comment on column health_bi.dim_day.iso_year is 'Year of the ISO week.';
comment on column health_bi.dim_day.iso_week is 'ISO week, 1 to 53.';
comment on column health_bi.dim_day.year is 'Calendar year.';
comment on column health_bi.dim_day.quarter is 'Quarter, 1 to 4.';
comment on column health_bi.dim_day.month is 'Month, 1 to 12.';
comment on column health_bi.dim_day.month_start is 'First day of the month.';
comment on column health_bi.dim_day.week_start is 'Monday of the week.';
comment on column health_bi.dim_day.weekday is 'Day of the week, 1 Monday to 7 Sunday.';
comment on column health_bi.dim_day.weekday_name is 'Day of the week in English.';
comment on column health_bi.dim_day.is_month_end is 'Whether it is the last day of its month.';
comment on column health_bi.dim_day.is_published is 'Whether any outcome has published scores.';

create view health_bi.dim_account as
select -- noqa: ST06
    account.account_id,
    account.source as crm,
    account.source_account_id as crm_id,
    account.name,
    account.domain,
    account.segment,
    account.owner_id,
    owner.name as owner,
    account.lifecycle,
    account.renewal_date,
    account.parent_source_account_id as parent_crm_id,
    account.created_at,
    account.archived_at,
    account.archived_at is null and not exists (
        select 1
        from core.account_alias
        where
            account_alias.source = account.source
            and account_alias.source_account_id = account.source_account_id
    ) as is_live
from core.account
left join core.owner
    on account.source = owner.source and account.owner_id = owner.owner_id;
comment on view health_bi.dim_account is 'One row an account, as the CRM has it now.';
comment on column health_bi.dim_account.account_id is 'Our number of the account; key.';
comment on column health_bi.dim_account.crm is 'Name of the CRM among the sources.';
comment on column health_bi.dim_account.crm_id is 'Id of the record in the CRM.';
comment on column health_bi.dim_account.name is 'Name.';
comment on column health_bi.dim_account.domain is 'Internet domain.';
comment on column health_bi.dim_account.segment is 'Segment now.';
comment on column health_bi.dim_account.owner_id is 'Id of the owner in the CRM.';
comment on column health_bi.dim_account.owner is 'Name of the owner.';
comment on column health_bi.dim_account.lifecycle is 'Stage of the life cycle, in the CRM''s word.';
comment on column health_bi.dim_account.renewal_date is 'Day of the next renewal, as the CRM says.';
comment on column health_bi.dim_account.parent_crm_id is 'Id of the parent''s record in the CRM.';
comment on column health_bi.dim_account.created_at is 'When the record was made.';
comment on column health_bi.dim_account.archived_at is 'When it was archived; NULL: it is not.';
comment on column health_bi.dim_account.is_live is 'Neither archived nor merged into another one.';

create view health_bi.account_attribute as
select -- noqa: ST06
    account_attribute.account_id,
    account_attribute.attribute,
    account_attribute.value,
    account_attribute.valid_from,
    account_attribute.valid_to
from core.account_attribute;
comment on view health_bi.account_attribute is
'One row an account, attribute and time in which it had one value, as the CRM tells it.';
comment on column health_bi.account_attribute.account_id is 'Our number of the account.';
comment on column health_bi.account_attribute.attribute is
'owner, segment, arr, currency, renewal_date, parent, lifecycle, or one that health.yaml names.';
comment on column health_bi.account_attribute.value is 'The value as text; NULL: it was empty.';
comment on column health_bi.account_attribute.valid_from is 'Since when, included.';
comment on column health_bi.account_attribute.valid_to is 'Until when, excluded; NULL: still.';

create view health_bi.dim_scorecard as
select -- noqa: ST06
    card.scorecard_id,
    card.name,
    card.version,
    card.name || '.v' || card.version as scorecard,
    body.content ->> 'title' as title,
    body.content ->> 'outcome' as outcome,
    body.content ->> 'owner' as owner,
    (body.content ->> 'min_coverage')::double precision as min_coverage,
    card.digest,
    days.first_day,
    days.last_day,
    coalesce(days.is_shadow, false) as is_shadow
from health.scorecard as card
inner join health.card_body as body on card.scorecard_id = body.scorecard_id
left join (
    select
        scorecard_id,
        min(as_of) as first_day,
        max(as_of) as last_day,
        (array_agg(is_shadow order by as_of desc))[1] as is_shadow
    from health.deck
    group by scorecard_id
) as days on card.scorecard_id = days.scorecard_id;
comment on view health_bi.dim_scorecard is 'One row a version of a scorecard.';
comment on column health_bi.dim_scorecard.scorecard_id is 'Number of the card; key.';
comment on column health_bi.dim_scorecard.name is 'Name without version.';
comment on column health_bi.dim_scorecard.version is 'Version.';
comment on column health_bi.dim_scorecard.scorecard is 'Name with version: retention.v1.';
comment on column health_bi.dim_scorecard.title is 'Title for people.';
comment on column health_bi.dim_scorecard.outcome is
'What it tells: retention, adoption or expansion.';
comment on column health_bi.dim_scorecard.owner is 'Who answers for it.';
comment on column health_bi.dim_scorecard.min_coverage is 'Least coverage for a band, 0 to 1.';
comment on column health_bi.dim_scorecard.digest is 'SHA-256 of what its file says.';
comment on column health_bi.dim_scorecard.first_day is 'First day in force; NULL: never was.';
comment on column health_bi.dim_scorecard.last_day is 'Last day in force so far.';
comment on column health_bi.dim_scorecard.is_shadow is
'Whether it scored beside the others on its last day; scores of a shadow are in no view.';

create view health_bi.dim_band as
select -- noqa: ST06
    card.scorecard_id,
    band.content ->> 'name' as band,
    band.place::integer as place,
    (band.content ->> 'from')::double precision as lower_score,
    band.content ->> 'colour' as colour,
    band.content ->> 'action' as action
from health.card_body as card
cross join
    lateral jsonb_array_elements(card.content -> 'bands')
    with ordinality as band (content, place);
comment on view health_bi.dim_band is 'One row a band of a scorecard; unknown is none of them.';
comment on column health_bi.dim_band.scorecard_id is 'The card; key with band.';
comment on column health_bi.dim_band.band is 'Name of the band.';
comment on column health_bi.dim_band.place is 'From 1, the worst, upwards.';
comment on column health_bi.dim_band.lower_score is 'The band begins here, which belongs to it.';
comment on column health_bi.dim_band.colour is 'Colour, #rrggbb.';
comment on column health_bi.dim_band.action is 'What to do about accounts in it.';

create view health_bi.dim_measure as
select -- noqa: ST06
    card_measure.scorecard_id * 1000 + card_measure.place as measure_id,
    card_measure.scorecard_id,
    card_measure.place,
    card_measure.category,
    card_measure.name,
    card_measure.label,
    card_measure.unit,
    card_measure.why,
    card_measure.good,
    card_measure.share,
    card_measure.when_unknown
from health.card_measure;
comment on view health_bi.dim_measure is 'One row a measure of a scorecard.';
comment on column health_bi.dim_measure.measure_id is 'Number of the measure of that card; key.';
comment on column health_bi.dim_measure.scorecard_id is 'The card.';
comment on column health_bi.dim_measure.place is 'Place on the card, from 1.';
comment on column health_bi.dim_measure.category is 'Category.';
comment on column health_bi.dim_measure.name is 'Name, the same across versions of a card.';
comment on column health_bi.dim_measure.label is 'Name for people.';
comment on column health_bi.dim_measure.unit is 'Unit of the reading.';
comment on column health_bi.dim_measure.why is 'Why it is on the card.';
comment on column health_bi.dim_measure.good is 'What good looks like.';
comment on column health_bi.dim_measure.share is
'Its part of a score in which everything is known, 0 to 1.';
comment on column health_bi.dim_measure.when_unknown is
'What the card makes of no reading: unknown, zero, carry (the last one holds on) or neutral.';

-- Let a role read what BI tools read, also what later versions add, and nothing else.
create function health.grant_reader(reader name) returns void
language plpgsql
as $$
begin
    execute format('grant usage on schema health_bi to %I', reader);
    execute format('grant select on all tables in schema health_bi to %I', reader);
    execute format(
        'alter default privileges in schema health_bi grant select on tables to %I', reader
    );
end;
$$;
