-- What owners are told when scores adjust. Re-run: refused by Alembic.

-- One thing told, or to be told, to one person. detail: what tells it from others of its kind.
-- sent_at NULL: it waits, for the end of quiet hours or for the mail server.
create table health.alert (
    alert_id bigint generated always as identity primary key,
    account_id integer not null references core.account,
    outcome text not null,
    as_of date not null,
    kind text not null
    check (kind in ('band_down', 'band_up', 'drop', 'rise', 'flag', 'plan')),
    detail text not null,
    sentence text not null,
    recipient text not null,
    run_no integer not null references health.run,
    sent_at timestamptz,
    unique (account_id, outcome, as_of, kind, detail)
);
create index alert_waiting on health.alert (recipient) where sent_at is null;
create index alert_by_day on health.alert (outcome, as_of);
