-- Overrides that people enter in fields of the CRM. Re-run: refused by Alembic.

-- source: who entered it: `command`, a person by the command; `crm`, the job from fields of theirs,
-- and then it holds from the day it was seen on. ended_on: the first day on which it holds no
-- longer; NULL: that of ended_at.
alter table health.override
add column source text not null default 'command' check (source in ('command', 'crm')),
add column ended_on date,
add check (ended_on is null or ended_at is not null);

drop view health.override_held;
create view health.override_held as
select
    override.*,
    case override.source
        when 'crm' then override.valid_from
        else core.day_of(override.entered_at)
    end as entered_on,
    least(
        override.valid_to, coalesce(override.ended_on, core.day_of(override.ended_at)) - 1
    ) as last_day
from health.override;

create or replace function health.keep_overrides() returns trigger
language plpgsql
as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'An override is never deleted; end it.';
    end if;
    if old.ended_at is not null
        or to_jsonb(old) - '{ended_at,ended_by,ended_on}'::text[]
            != to_jsonb(new) - '{ended_at,ended_by,ended_on}'::text[] then
        raise exception 'An override never changes, but for being ended once.';
    end if;
    return new;
end;
$$;

-- What stands in the CRM's override fields of an account, as text; all NULL: nothing any more.
-- author: who set the value, as the CRM names its users, or their address; NULL: it does not say.
create table core.override_word (
    source text not null,
    source_account_id text not null,
    value text,
    reason text,
    until text,
    author text,
    primary key (source, source_account_id)
);

-- What became of the words of an account that the job heard last: an override, or a refusal.
create table health.override_heard (
    account_id integer primary key references core.account,
    value text,
    reason text,
    until text,
    heard_on date not null,
    override_id integer references health.override,
    refused text,
    check (num_nonnulls(override_id, refused) = 1)
);

-- The daily job may not touch overrides (setup/grant_job.sql), but for the CRM's, by these two.
create function health.enter_heard(
    of_account integer, at_most double precision, why text, said text, by_whom text,
    first_day date, last_day date
) returns integer
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$
    insert into health.override (
        account_id, to_score, reason, evidence, author, valid_from, valid_to, source
    )
    values (of_account, at_most, why, said, by_whom, first_day, last_day, 'crm')
    returning override_id;
$$;

create function health.end_heard(number integer, by_whom text, from_day date) returns integer
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$
    update health.override set ended_at = now(), ended_by = by_whom, ended_on = from_day
    where override_id = number and source = 'crm' and ended_at is null
    returning override_id;
$$;

revoke execute on function health.enter_heard, health.end_heard from public;
