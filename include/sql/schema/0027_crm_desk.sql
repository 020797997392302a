-- What people changed of our fields in the CRM, and what was taken back. Re-run: refused.

-- A run's writes taken back: every field as it was before. From when it begins, the scores of that
-- day and of days before are not sent again. Skipped fields are listed beside.
create table health.crm_undo (
    undo_id integer generated always as identity primary key,
    source text not null,
    run_no integer not null references health.run,
    as_of date not null,
    undone_by text not null,
    begun_at timestamptz not null default now(),
    done_at timestamptz,
    restored integer not null default 0
);
create index crm_undo_by_day on health.crm_undo (source, as_of);

-- A field that was not restored: since that run, somebody gave it another value, or the record is
-- gone (theirs is NULL).
create table health.crm_undo_skip (
    undo_id integer not null references health.crm_undo,
    record_id text not null,
    field text not null,
    ours text not null,
    theirs text,
    primary key (undo_id, record_id, field)
);

-- undo_id: the write takes back what a run wrote; NULL: it brings scores.
alter table health.crm_write add column undo_id integer references health.crm_undo;

-- A field of ours that showed another value than the CRM had accepted from us: somebody edited it,
-- or a workflow did. resolved_at: since when it shows ours again.
create table health.crm_drift (
    drift_id bigint generated always as identity primary key,
    source text not null,
    record_id text not null,
    account_id integer not null,
    field text not null,
    ours text not null,
    theirs text not null,
    run_no integer not null references health.run,
    found_at timestamptz not null default now(),
    resolved_at timestamptz
);
create unique index crm_drift_open on health.crm_drift (source, record_id, field)
where resolved_at is null;

-- When the record was last read back and compared.
alter table health.crm_record add column checked_at timestamptz;
create index crm_record_by_check on health.crm_record (source, checked_at nulls first);
