-- Runs, series, readings, snapshots, checks and the CRM ledger. Re-run: refused by Alembic.
create table health.run (
    run_no integer generated always as identity primary key,
    run_id text not null unique,
    kind text not null check (kind in ('daily', 'backfill')),
    as_of date not null,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    state text not null default 'running' check (state in ('running', 'success', 'failed')),
    error text
);

-- What each stage of a run counted; part names a source, stream or shard. Re-run replaces the row.
create table health.run_stage (
    run_no integer not null references health.run,
    stage text not null,
    part text not null default '',
    counts jsonb not null,
    seconds double precision not null,
    finished_at timestamptz not null default now(),
    primary key (run_no, stage, part)
);

-- What one expectation said about one stage of one run. examples are ids, never values.
create table health.check_result (
    run_no integer not null references health.run,
    stage text not null,
    suite text not null,
    expectation text not null,
    subject text not null,
    on_failure text not null check (on_failure in ('stop', 'quarantine', 'warn')),
    is_success boolean not null,
    checked bigint,
    failed bigint,
    observed text,
    examples text[] not null default '{}',
    created_at timestamptz not null default now(),
    primary key (run_no, stage, suite, expectation, subject)
);

-- An additive series: what it counts, and which kind of source must be there for it to be known.
create table health.series (
    series_id smallint generated always as identity primary key,
    name text not null unique,
    role text not null
);

-- One row an account, series and day on which something happened; no row means zero if known.
create table health.account_day (
    series_id smallint not null references health.series,
    account_id integer not null,
    day date not null,
    value double precision not null,
    primary key (series_id, account_id, day)
);

-- From which day the absence of rows means zero, for all series of a role; no row: never known.
create table health.known_from (
    account_id integer not null,
    role text not null,
    day date not null,
    primary key (account_id, role)
);

create table health.scorecard (
    scorecard_id smallint generated always as identity primary key,
    name text not null,
    version integer not null,
    digest text not null,
    body text not null,
    unique (name, version)
);

-- The readings of one account and day, in the order of the scorecard's measures; NaN is unknown.
-- basis: live = as known then, never rewritten; reconstructed = computed later from facts.
-- digest: of all that follows it; a writer compares it, so that a re-run writes what changed only.
-- scorecard_id has no foreign key: the writer looks once, a key would look again for every row.
create table health.reading (
    account_id integer not null,
    as_of date not null,
    scorecard_id smallint not null,
    basis text not null check (basis in ('live', 'reconstructed')),
    revision smallint not null,
    run_no integer not null,
    digest bigint not null,
    readings double precision[] not null,
    primary key (as_of, scorecard_id, basis, account_id, revision)
) partition by range (as_of);

-- One score with all it takes to recompute it. A changed result is a new revision beside the old.
-- points, readings: by measure; categories: by category; NaN in an array is unknown.
create table health.snapshot (
    account_id integer not null,
    as_of date not null,
    scorecard_id smallint not null,
    basis text not null check (basis in ('live', 'reconstructed')),
    revision smallint not null,
    run_no integer not null,
    digest bigint not null,
    score double precision,
    raw double precision,
    floor double precision,
    ceiling double precision,
    coverage double precision not null,
    band text not null,
    change_7d double precision,
    change_30d double precision,
    change_90d double precision,
    slope_30d double precision,
    direction text not null,
    categories double precision[] not null,
    points double precision[] not null,
    readings double precision[] not null,
    drivers smallint[] not null,
    primary key (as_of, scorecard_id, basis, account_id, revision)
) partition by range (as_of);

-- The days that passed their checks: only these are shown as current and sent to the CRM.
create table health.publication (
    as_of date not null,
    scorecard_id smallint not null references health.scorecard,
    run_no integer not null references health.run,
    published_at timestamptz not null default now(),
    primary key (as_of, scorecard_id)
);

-- Every record we meant to write in the CRM and what it answered, one row a record and attempt.
-- Values by property name, as text on the wire; '' clears; no key in old_values: never written.
-- status: sent (no answer known yet), acknowledged, rejected (the CRM refused this record),
-- missed (proved not to have been written; the next plan decides anew).
create table health.crm_write (
    write_id bigint generated always as identity primary key,
    run_no integer not null references health.run,
    source text not null,
    account_id integer not null,
    record_id text not null,
    old_values jsonb not null,
    new_values jsonb not null,
    status text not null default 'sent'
    check (status in ('sent', 'acknowledged', 'rejected', 'missed')),
    answer text,
    sent_at timestamptz not null default now(),
    answered_at timestamptz
);
create index crm_write_open on health.crm_write (source, write_id) where status = 'sent';
create index crm_write_by_record on health.crm_write (source, record_id, write_id desc);
create index crm_write_by_run on health.crm_write (run_no);

-- What the CRM last acknowledged for each record: all acknowledged ledger rows laid on each other.
create table health.crm_record (
    source text not null,
    record_id text not null,
    account_id integer not null,
    acknowledged jsonb not null,
    acknowledged_at timestamptz not null default now(),
    primary key (source, record_id)
);
create index crm_record_by_account on health.crm_record (account_id);

-- The ledger by field, for people and BI tools: what each value was and what we made of it.
create view health.crm_change as
select
    crm_write.write_id,
    crm_write.run_no,
    crm_write.source,
    crm_write.account_id,
    crm_write.record_id,
    changed.field,
    changed.new_value,
    crm_write.status,
    crm_write.answer,
    crm_write.sent_at,
    crm_write.answered_at,
    crm_write.old_values ->> changed.field as old_value
from health.crm_write
cross join lateral jsonb_each_text(crm_write.new_values) as changed (field, new_value);

-- Create the monthly partitions of readings and snapshots that hold first..last, both included.
-- A table made beside and then attached leaves readers and writers of the others undisturbed.
-- Rows of up to a page stay in line: the arrays are too wide for PostgreSQL's usual limit of 2 kB.
create function health.ensure_partitions(first date, last date) returns void
language plpgsql
set lock_timeout = '60s'
as $$
declare
    month date := date_trunc('month', first);
    parent text;
    part text;
begin
    while month <= last loop
        foreach parent in array array['reading', 'snapshot'] loop
            part := parent || '_' || to_char(month, 'YYYY_MM');
            continue when to_regclass('health.' || part) is not null;
            perform pg_advisory_xact_lock(hashtext('health.ensure_partitions'));
            continue when to_regclass('health.' || part) is not null;
            execute format(
                'create table health.%I (like health.%I including all)'
                ' with (toast_tuple_target = 8160)',
                part, parent
            );
            execute format(
                'alter table health.%I attach partition health.%I for values from (%L) to (%L)',
                parent, part, month, month + interval '1 month'
            );
        end loop;
        month := month + interval '1 month';
    end loop;
end;
$$;

-- One row an account and day: the newest revision, live where there is one.
create view health.latest_snapshot as
select distinct on (snapshot.scorecard_id, snapshot.account_id, snapshot.as_of) snapshot.*
from health.snapshot
order by
    snapshot.scorecard_id asc, snapshot.account_id asc, snapshot.as_of asc,
    snapshot.basis asc, snapshot.revision desc;
