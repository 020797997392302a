-- What people handed in by files or a warehouse, and whose it is. Re-run: refused by Alembic.

-- One row an entry, as it was written: account is what somebody called the account. value: NULL
-- where the entry was withdrawn. batch_id: of the landing that brought it, to tell the newest of
-- several about the same account, measure and moment.
create table core.manual_entry (
    source text not null,
    entry_id text not null,
    account text not null,
    measure text not null,
    occurred_at timestamptz not null,
    value double precision,
    comment text,
    author text not null,
    batch_id bigint not null,
    primary key (source, entry_id)
);
create index manual_entry_by_account on core.manual_entry (account);

-- Whether the row stands there because of an entry, and goes with it.
alter table core.manual_input add column is_entered boolean not null default false;
create index manual_input_entered on core.manual_input (measure) where is_entered;

-- What people may call a live account. rule: id (its CRM record's, also one merged into it) is
-- about one account alone and comes first; tenant, domain and name count alike.
create view core.account_called as
select
    'id' as rule,
    core.plain_key(source_account_id) as called,
    account_id
from core.account_record
union
select
    'tenant',
    core.plain_key(tenant_key),
    account_id
from core.live_account
where tenant_key is not null
union
select
    'domain',
    lower(trim(entered)),
    account_id
from core.account_domain
union
select
    'name',
    lower(trim(name)),
    account_id
from core.live_account
where name is not null;

-- Whose each call is: one row for each account that is meant by it. Where the id of a record is
-- written, that one alone; else every account with such a tenant key, domain or whole name.
create function core.accounts_called(calls text[]) returns table (
    called text, account_id integer
)
language sql stable
begin atomic
    with asked as (
        select distinct
            calls.called,
            core.plain_key(calls.called) as key,
            lower(trim(calls.called)) as word
        from unnest(calls) as calls (called)
    ),

    meant as (
        select
            asked.called,
            known.account_id,
            known.rule = 'id' as is_id
        from asked
        inner join core.account_called as known
            on asked.key = known.called and known.rule in ('id', 'tenant')
        union
        select
            asked.called,
            known.account_id,
            false
        from asked
        inner join core.account_called as known
            on asked.word = known.called and known.rule in ('domain', 'name')
    )

    select distinct
        meant.called,
        meant.account_id
    from meant
    where
        meant.is_id
        or not exists (
            select 1
            from meant as first_of_all
            where first_of_all.called = meant.called and first_of_all.is_id
        );
end;
