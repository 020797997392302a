-- What people say against a score, and who set a pulse. Re-run: refused by Alembic.

-- Who set a person's field, as the CRM names its users; NULL: it did not say.
alter table core.manual_input add column author text;

-- One override of one account's score: down (or, where a scorecard allows it, up) to to_score
-- points, or times factor. scorecard: the name of the only one it is about; NULL: all of them.
-- Days: valid_from..valid_to, both included; from the day of ended_at on it does not hold.
-- A row never changes but for being ended, once: what was known on a past day stays known.
-- renews: the one that this goes on with.
create table health.override (
    override_id integer generated always as identity primary key,
    account_id integer not null references core.account,
    scorecard text,
    to_score double precision check (to_score between 0 and 100),
    factor double precision check (factor >= 0 and factor < 1),
    may_raise boolean not null default false,
    reason text not null check (reason != ''),
    evidence text not null check (btrim(evidence) != ''),
    author text not null check (btrim(author) != ''),
    second_person text check (lower(btrim(second_person)) != lower(btrim(author))),
    entered_at timestamptz not null default now(),
    valid_from date not null,
    valid_to date not null,
    renews integer unique references health.override,
    ended_at timestamptz,
    ended_by text,
    check (num_nonnulls(to_score, factor) = 1),
    check (num_nonnulls(ended_at, ended_by) != 1),
    check (valid_to >= valid_from),
    check (not may_raise or to_score is not null)
);
create index override_by_account on health.override (account_id, valid_from);

-- From when to when each override holds, both days included; last_day before valid_from: on none.
create view health.override_held as
select
    override.*,
    core.day_of(override.entered_at) as entered_on,
    least(override.valid_to, core.day_of(override.ended_at) - 1) as last_day
from health.override;

create function health.keep_overrides() returns trigger
language plpgsql
as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'An override is never deleted; end it.';
    end if;
    if old.ended_at is not null
        or to_jsonb(old) - 'ended_at' - 'ended_by' != to_jsonb(new) - 'ended_at' - 'ended_by' then
        raise exception 'An override never changes, but for being ended once.';
    end if;
    return new;
end;
$$;
create trigger keep before update or delete on health.override
for each row execute function health.keep_overrides();
