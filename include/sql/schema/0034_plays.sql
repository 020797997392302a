-- Plans by playbooks, and their steps. Re-run: refused by Alembic.

-- Every version of a playbook that has opened a plan. body: what its file says, as JSON.
create table health.playbook (
    playbook_id smallint generated always as identity primary key,
    name text not null,
    version integer not null,
    digest text not null,
    body text not null,
    unique (name, version)
);

-- One plan of an account. play_group: of which an account has one open plan at most. why: which
-- conditions held on the day. score, band: of that day.
-- recovered_since: the first day of an unbroken recovery; NULL: it has not begun.
-- state: open; recovered (the band was good for as long as the playbook asks); ended (its time was
-- over); replaced (by a plan of the same group with more priority); left (the account is scored no
-- more).
create table health.play (
    play_id integer generated always as identity primary key,
    account_id integer not null references core.account,
    playbook_id smallint not null references health.playbook,
    outcome text not null,
    play_group text not null,
    opened_on date not null,
    run_no integer not null references health.run,
    why text not null,
    score double precision not null,
    band text not null,
    state text not null default 'open'
    check (state in ('open', 'recovered', 'ended', 'replaced', 'left')),
    recovered_since date,
    closed_on date,
    check ((state = 'open') = (closed_on is null))
);
create unique index play_open on health.play (account_id, outcome, play_group)
where state = 'open';
create index play_by_account on health.play (account_id, opened_on);

-- What is to be done, in order of place, from 1. owner_*: whom the role found on the day of the
-- opening, NULL: nobody; owner_id is the CRM's.
-- status: planned (no task in the CRM was asked for); sent (one was, no answer is known); open;
-- done; deleted (somebody deleted the task); refused (the CRM did not take it).
create table health.play_step (
    play_id integer not null references health.play,
    place smallint not null,
    title text not null,
    body text not null,
    role text not null,
    owner_id text,
    owner_name text,
    owner_email text,
    due_on date not null,
    status text not null default 'planned'
    check (status in ('planned', 'sent', 'open', 'done', 'deleted', 'refused')),
    task_id text,
    answer text,
    sent_at timestamptz,
    status_read_at timestamptz,
    primary key (play_id, place)
);
create index play_step_by_status on health.play_step (status, play_id);
