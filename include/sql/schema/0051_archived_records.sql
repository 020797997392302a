-- What hung on a CRM record stays its own when it is archived. Re-run: refused by Alembic.

-- Whose the records of the CRM are: an account's own, archived ones too, and those merged into it.
-- An archived account is no customer any more; what happened before is what it was.
create or replace view core.account_record as
select
    source,
    source_account_id,
    account_id
from core.unmerged_account
union all
select
    account_alias.source,
    account_alias.source_account_id,
    unmerged_account.account_id
from core.account_alias
inner join core.unmerged_account on account_alias.account_id = unmerged_account.account_id;

-- The same of live accounts: rules and people link nothing new to an archived one.
create view core.live_record as
select account_record.*
from core.account_record
inner join core.live_account on account_record.account_id = live_account.account_id;

-- What a strong key may name: the CRM's id, ids merged into it, the tenant key. A key with two
-- accounts names none.
create or replace view core.account_key as
select
    account_id,
    core.plain_key(source_account_id) as key
from core.live_record
union all
select
    account_id,
    core.plain_key(tenant_key)
from core.live_account
where tenant_key is not null;

-- The addresses that the CRM knows as contacts of live accounts, also by ids merged into them.
create or replace view core.contact_address as
select
    live_record.account_id,
    core.plain_address(contact.email) as address
from core.contact
inner join core.live_record using (source, source_account_id)
where contact.email is not null;

-- What people may call an account. rule: id (its CRM record's, also one merged into it) is about
-- one account alone and comes first; tenant, domain and name count alike, those of archived
-- accounts where no live one is called so.
create or replace view core.account_called as
select
    'id' as rule,
    core.plain_key(source_account_id) as called,
    account_id,
    false as is_archived
from core.account_record
union
select
    'tenant',
    core.plain_key(tenant_key),
    account_id,
    archived_at is not null
from core.unmerged_account
where tenant_key is not null
union
select
    'domain',
    lower(trim(named.entered)),
    unmerged_account.account_id,
    unmerged_account.archived_at is not null
from core.unmerged_account
inner join core.account on unmerged_account.account_id = account.account_id
cross join
    lateral unnest(array_append(account.additional_domains, account.domain)) as named (entered)
where named.entered is not null
union
select
    'name',
    lower(trim(name)),
    account_id,
    archived_at is not null
from core.unmerged_account
where name is not null;

-- Whose each call is: one row for each account that is meant by it. Where the id of a record is
-- written, that one alone; else every live account with such a tenant key, domain or whole name;
-- else every archived one.
create or replace function core.accounts_called(calls text[]) returns table (
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
            case
                when known.rule = 'id' then 1
                when known.is_archived then 3
                else 2
            end as place
        from asked
        inner join core.account_called as known
            on asked.key = known.called and known.rule in ('id', 'tenant')
        union
        select
            asked.called,
            known.account_id,
            case when known.is_archived then 3 else 2 end
        from asked
        inner join core.account_called as known
            on asked.word = known.called and known.rule in ('domain', 'name')
    )

    select distinct
        placed.called,
        placed.account_id
    from (
        select
            meant.called,
            meant.account_id,
            meant.place,
            min(meant.place) over (partition by meant.called) as first_place
        from meant
    ) as placed
    where placed.place = placed.first_place;
end;

-- What ended because its account was archived comes back, and its series are computed again.
insert into core.account_link (
    source, object, source_key, account_id, method, confidence, first_seen, valid_from
)
select
    past.source,
    past.object,
    past.source_key,
    past.account_id,
    past.method,
    past.confidence,
    past.first_seen,
    now()
from (
    select distinct on (source, object, source_key) *
    from core.account_link_past
    order by source asc, object asc, source_key asc, valid_to desc
) as past
inner join core.unmerged_account on past.account_id = unmerged_account.account_id
where past.valid_to >= unmerged_account.archived_at
on conflict do nothing;
insert into core.change (fact, account_id)
select
    read_by.fact,
    unmerged_account.account_id
from core.unmerged_account
cross join
    unnest(
        array[
            'account', 'touch', 'manual_input', 'contact_role', 'opportunity', 'survey_response'
        ]
    ) as read_by (fact)
where unmerged_account.archived_at is not null;
