-- Typed facts with the moment they happened. Re-run: refused by Alembic.
-- Amounts are in minor units of the currency beside them unless a column says otherwise.
create table core.owner (
    source text not null,
    owner_id text not null,
    email text,
    name text,
    is_archived boolean not null default false,
    primary key (source, owner_id)
);

-- account_id is ours; (source, source_account_id) is the CRM's record. arr is in major units.
create table core.account (
    account_id integer generated always as identity primary key,
    source text not null,
    source_account_id text not null,
    name text,
    domain text,
    segment text,
    owner_id text,
    parent_source_account_id text,
    arr numeric,
    currency text,
    renewal_date date,
    tenant_key text,
    lifecycle text,
    merged_ids text[] not null default '{}',
    created_at timestamptz,
    archived_at timestamptz,
    unique (source, source_account_id)
);

create table core.contact (
    source text not null,
    contact_id text not null,
    source_account_id text,
    email text,
    title text,
    buying_role text,
    created_at timestamptz,
    primary key (source, contact_id)
);

-- kind: review (with the sponsor), check_in, training, kickoff, other. Cancelled ones are not held.
create table core.touch (
    source text not null,
    touch_id text not null,
    source_account_id text,
    kind text not null,
    is_held boolean not null,
    occurred_at timestamptz not null,
    primary key (source, touch_id)
);

create table core.opportunity (
    source text not null,
    opportunity_id text not null,
    source_account_id text,
    kind text,
    amount_minor bigint,
    currency text,
    stage text not null check (stage in ('open', 'won', 'lost')),
    created_at timestamptz,
    closed_at timestamptz,
    primary key (source, opportunity_id)
);

-- What people typed: one row for each value and the moment it was set.
create table core.manual_input (
    source text not null,
    source_account_id text not null,
    measure text not null,
    occurred_at timestamptz not null,
    value double precision,
    reason text,
    primary key (source, source_account_id, measure, occurred_at)
);

create table core.organization (
    source text not null,
    organization_id text not null,
    name text,
    external_id text,
    domains text[] not null default '{}',
    created_at timestamptz,
    deleted_at timestamptz,
    primary key (source, organization_id)
);

-- People at customers as the support desk knows them: only what links a ticket to an account.
create table core.requester (
    source text not null,
    requester_id text not null,
    email text,
    organization_id text,
    primary key (source, requester_id)
);

create table core.ticket (
    source text not null,
    ticket_id text not null,
    organization_id text,
    requester_id text,
    priority text,
    status text not null,
    created_at timestamptz not null,
    solved_at timestamptz,
    first_reply_minutes double precision,
    primary key (source, ticket_id)
);

-- is_good: what the customer answered; unanswered surveys are not rows here.
create table core.survey_response (
    source text not null,
    response_id text not null,
    kind text not null,
    ticket_id text,
    is_good boolean,
    occurred_at timestamptz not null,
    primary key (source, response_id)
);

-- account_key: the value of the metadata key that names the account, None where nobody set it.
create table core.customer (
    source text not null,
    customer_id text not null,
    name text,
    email text,
    account_key text,
    currency text,
    created_at timestamptz,
    is_deleted boolean not null default false,
    primary key (source, customer_id)
);

create table core.subscription (
    source text not null,
    subscription_id text not null,
    customer_id text not null,
    account_key text,
    status text not null,
    seats integer,
    amount_minor bigint,
    currency text,
    months integer,
    started_at timestamptz not null,
    ended_at timestamptz,
    canceled_at timestamptz,
    period_end timestamptz,
    primary key (source, subscription_id)
);

create table core.invoice (
    source text not null,
    invoice_id text not null,
    customer_id text not null,
    subscription_id text,
    status text not null,
    currency text not null,
    amount_due_minor bigint not null,
    amount_remaining_minor bigint not null,
    seats integer,
    period_start timestamptz,
    period_end timestamptz,
    created_at timestamptz not null,
    due_at timestamptz,
    paid_at timestamptz,
    closed_at timestamptz,
    primary key (source, invoice_id)
);

-- One row a product group (account_key) and day in the organisation's time zone.
create table core.usage_day (
    source text not null,
    account_key text not null,
    day date not null,
    events bigint not null,
    users text[] not null,
    features text[] not null,
    primary key (source, account_key, day)
);

-- Which source object belongs to which account, by which rule.
-- object: organization, requester, customer, subscription, group.
-- method: key, chain, domain, contact; confidence from 0 to 1. Nothing is linked by guess.
create table core.account_link (
    source text not null,
    object text not null,
    source_key text not null,
    account_id integer not null references core.account,
    method text not null,
    confidence double precision not null,
    first_seen timestamptz not null,
    last_seen timestamptz not null,
    primary key (source, object, source_key)
);
create index account_link_by_account on core.account_link (account_id);

-- Vendors' text to our types: NULL where the text is not such a value, so that a check can say so.
-- For columns only, and stable so that they are inlined: the planner folds the cast of a constant
-- before it looks at the condition.
create function core.to_time(entered text) returns timestamptz
language sql stable parallel safe
return case when pg_input_is_valid(entered, 'timestamptz') then entered::timestamptz end;

create function core.to_number(entered text) returns numeric
language sql stable parallel safe
return case when pg_input_is_valid(entered, 'numeric') then entered::numeric end;

create function core.to_day(entered text) returns date
language sql stable parallel safe
return case when pg_input_is_valid(left(entered, 10), 'date') then left(entered, 10)::date end;

create function core.from_epoch(entered text) returns timestamptz
language sql immutable parallel safe
return case
    when entered ~ '^-?\d{1,11}$' then to_timestamp(entered::double precision)
end;
