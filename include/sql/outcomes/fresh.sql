-- Grain: none; empty tables of this transaction. level: what each subscription was worth a year on
-- which days, in minor units; ends_on: its own end. found: the outcomes that the facts say.
-- deal: closed opportunities; subject: the outcome that each is evidence for or against.
create temporary table level (
    account_id integer not null,
    source text not null,
    subscription_id text not null,
    days daterange not null,
    ends_on date,
    yearly_minor numeric,
    currency text
) on commit drop;
create index on level (account_id);
create temporary table found (
    account_id integer not null,
    subject text not null,
    kind text not null,
    occurred_on date not null,
    amount_before numeric,
    amount_after numeric,
    evidence jsonb not null,
    conflict text
) on commit drop;
create index on found (account_id);
create temporary table deal (
    account_id integer not null,
    source text not null,
    opportunity_id text not null,
    kind text not null,
    stage text not null,
    closed_on date not null,
    amount numeric,
    subject text
) on commit drop
