-- What was true of an account from when to when; terms and outcomes. Re-run: refused by Alembic.

-- One row: where a day ends, as health.yaml says; written by every conform.
create table core.calendar (
    is_only boolean primary key default true check (is_only),
    time_zone text not null
);
insert into core.calendar (time_zone) values ('UTC');

create function core.day_of(moment timestamptz) returns date
language sql stable parallel safe
return (select (moment at time zone calendar.time_zone)::date from core.calendar);

-- The first instant after a day: what had happened by the end of it happened before.
create function core.end_of(on_day date) returns timestamptz
language sql stable parallel safe
return (select (on_day + 1)::timestamp at time zone calendar.time_zone from core.calendar);

-- What an attribute of an account was, from valid_from (included) to valid_to (excluded; NULL: it
-- still is). value NULL: it was empty. Before the first row nobody had entered anything.
-- owner: core.owner; arr: major units of `currency`; renewal_date: YYYY-MM-DD; parent: the CRM's id
-- of the record; lifecycle: the CRM's word.
-- origin: vendor = the CRM's own history says since when; observed = we saw it at valid_from, the
-- first value counts from the record's creation.
create table core.account_attribute (
    account_id integer not null references core.account,
    attribute text not null check (
        attribute in (
            'owner', 'segment', 'arr', 'currency', 'renewal_date', 'parent', 'lifecycle'
        )
    ),
    valid_from timestamptz not null,
    valid_to timestamptz,
    value text,
    origin text not null check (origin in ('vendor', 'observed')),
    primary key (account_id, attribute, valid_from)
);
create index account_attribute_parent on core.account_attribute (value)
where attribute = 'parent' and value is not null;

-- What a store knew of its accounts before, until the next conform reads all versions of them.
insert into core.account_attribute (account_id, attribute, valid_from, value, origin)
select
    account.account_id,
    entered.attribute,
    coalesce(account.created_at, now()),
    entered.value,
    'observed'
from core.account
cross join
    lateral (
        values
        ('owner', account.owner_id),
        ('segment', account.segment),
        ('arr', account.arr::text),
        ('currency', account.currency),
        ('renewal_date', account.renewal_date::text),
        ('parent', account.parent_source_account_id),
        ('lifecycle', account.lifecycle)
    ) as entered (attribute, value);

-- Which of a source's properties each attribute was read from: another one means another history.
create table core.attribute_property (
    source text not null,
    attribute text not null,
    property text not null,
    primary key (source, attribute)
);

-- Up to which landing the record's versions are in core.account_attribute; NULL: none are.
alter table core.account add column attributed_batch bigint;

-- One row per account that has any attribute: what was valid just before an instant, for example
-- core.end_of(day). Columns are NULL where nobody had entered anything. Give `until` as a column:
-- PostgreSQL looks up single accounts only then.
create function core.attributes_on(until timestamptz) returns table (
    account_id integer,
    owner_id text,
    segment text,
    arr numeric,
    currency text,
    renewal_date date,
    parent_id text,
    lifecycle text
)
language sql stable parallel safe
as $$
select
    valid.account_id,
    max(valid.value) filter (where valid.attribute = 'owner'),
    max(valid.value) filter (where valid.attribute = 'segment'),
    max(valid.value) filter (where valid.attribute = 'arr')::numeric,
    max(valid.value) filter (where valid.attribute = 'currency'),
    max(valid.value) filter (where valid.attribute = 'renewal_date')::date,
    max(valid.value) filter (where valid.attribute = 'parent'),
    max(valid.value) filter (where valid.attribute = 'lifecycle')
from core.account_attribute as valid
where tstzrange(valid.valid_from, valid.valid_to, '(]') @> until
group by valid.account_id
$$;

-- Until when a trial ran, and what an invoice's period itself costs: without parts of other
-- periods, before discounts and taxes. Both NULL where the vendor does not say.
alter table core.subscription add column trial_end timestamptz;
alter table core.invoice add column recurring_minor bigint;
update core.subscription set
    trial_end = core.from_epoch(newest.payload ->> 'trial_end')
from (
    select distinct on (stream.source, record.record_id)
        stream.source,
        record.record_id,
        record.payload
    from raw.record
    inner join raw.stream on record.stream_id = stream.stream_id
    where stream.vendor = 'stripe' and stream.stream = 'subscriptions'
    order by stream.source asc, record.record_id asc, record.batch_id desc
) as newest
where
    subscription.source = newest.source and subscription.subscription_id = newest.record_id;
update core.invoice set recurring_minor = newest.amount
from (
    select
        version.source,
        version.record_id,
        sum(core.to_number(entry ->> 'amount')) as amount
    from (
        select distinct on (stream.source, record.record_id)
            stream.source,
            record.record_id,
            record.payload
        from raw.record
        inner join raw.stream on record.stream_id = stream.stream_id
        where stream.vendor = 'stripe' and stream.stream = 'invoices'
        order by stream.source asc, record.record_id asc, record.batch_id desc
    ) as version
    cross join lateral raw.elements(version.payload -> 'lines' -> 'data') as entry
    where
        coalesce(
            entry -> 'parent' -> 'subscription_item_details' ->> 'proration',
            entry ->> 'proration',
            'false'
        ) = 'false'
    group by version.source, version.record_id
) as newest
where
    invoice.source = newest.source
    and invoice.invoice_id = newest.record_id
    and lower(invoice.currency) != 'mga'; -- the next revision changes what its minor unit is

-- When an account was a customer, both days included, last_day NULL while it is one. A return
-- within the gap that health.yaml names goes on with the same term; spans are the days it covers.
-- origin: billing, or lifecycle where nothing is billed. ending: cancelled, trial (it never became
-- more), left_stage (of the life cycle), archived (the record in the CRM).
create table core.term (
    account_id integer not null references core.account,
    term_no smallint not null,
    first_day date not null,
    last_day date,
    ending text check (ending in ('cancelled', 'trial', 'left_stage', 'archived')),
    origin text not null check (origin in ('billing', 'lifecycle')),
    spans datemultirange not null,
    primary key (account_id, term_no)
);

-- What became of an account's money, by date: one row a revision, nothing is ever overwritten.
-- subject: what it is about, the same in all revisions. occurred_on: churn = the first day without.
-- Amounts: a year's worth in `currency`, the reporting one, at the rate of that day; NULL unknown.
-- evidence: the records that say so. conflict: what another record says against it.
create table health.outcome (
    account_id integer not null references core.account,
    subject text not null,
    revision smallint not null,
    kind text not null check (kind in ('churn', 'contraction', 'renewal', 'expansion')),
    occurred_on date not null,
    amount_before numeric,
    amount_after numeric,
    currency text,
    evidence jsonb not null,
    conflict text,
    is_withdrawn boolean not null default false,
    recorded_at timestamptz not null default now(),
    primary key (account_id, subject, revision)
);

-- What counts today: the newest revisions, without those that turned out not to have happened.
create view health.current_outcome as
select * from (
    select distinct on (account_id, subject) *
    from health.outcome
    order by account_id asc, subject asc, revision desc
) as newest
where not is_withdrawn;

-- The last score of each ended term, chosen once: (as_of, basis, snapshot_revision) names the row
-- of health.snapshot. A new revision only where the term's end moved.
create table health.frozen_snapshot (
    account_id integer not null references core.account,
    term_no smallint not null,
    scorecard_id smallint not null references health.scorecard,
    revision smallint not null,
    last_day date not null,
    as_of date not null,
    basis text not null,
    snapshot_revision smallint not null,
    frozen_at timestamptz not null default now(),
    primary key (account_id, term_no, scorecard_id, revision)
);

-- The final snapshot of each ended term with what became of the account.
create view health.final_snapshot as
select
    frozen.account_id,
    frozen.term_no,
    frozen.scorecard_id,
    frozen.revision,
    frozen.last_day,
    frozen.as_of,
    frozen.basis,
    frozen.snapshot_revision,
    snapshot.score,
    snapshot.band,
    snapshot.coverage,
    outcome.kind as outcome,
    outcome.occurred_on,
    outcome.amount_before,
    outcome.amount_after,
    outcome.currency
from (
    select distinct on (account_id, term_no, scorecard_id) *
    from health.frozen_snapshot
    order by account_id asc, term_no asc, scorecard_id asc, revision desc
) as frozen
inner join health.snapshot
    on
        frozen.as_of = snapshot.as_of
        and frozen.scorecard_id = snapshot.scorecard_id
        and frozen.basis = snapshot.basis
        and frozen.account_id = snapshot.account_id
        and frozen.snapshot_revision = snapshot.revision
left join health.current_outcome as outcome
    on
        frozen.account_id = outcome.account_id
        and outcome.subject = 'end of term ' || frozen.term_no;
