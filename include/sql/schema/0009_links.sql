-- Which source object belonged to which account, by which rule, from when to when.
-- Re-run: refused by Alembic.

-- The current links. account_id: NULL = people said that the object belongs to nobody. first_seen:
-- when it was linked to this account for the first time; valid_from: since when it is linked this
-- way. When a link was confirmed last stands once for all of them, in core.linking: a run that
-- changes nothing must not rewrite a million rows.
alter table core.account_link drop column last_seen;
alter table core.account_link add column valid_from timestamptz not null default now();
update core.account_link set valid_from = first_seen;
alter table core.account_link alter column account_id drop not null;

-- The links that ended or changed: valid from valid_from (included) to valid_to (excluded).
create table core.account_link_past (
    source text not null,
    object text not null,
    source_key text not null,
    account_id integer,
    method text not null,
    confidence double precision not null,
    first_seen timestamptz not null,
    valid_from timestamptz not null,
    valid_to timestamptz not null,
    primary key (source, object, source_key, valid_from)
);
create index account_link_past_by_end on core.account_link_past (valid_to);

-- Whoever changes or removes a link, its row is kept.
create function core.keep_past_links() returns trigger
language plpgsql
as $$
begin
    insert into core.account_link_past (
        source, object, source_key, account_id, method, confidence, first_seen, valid_from, valid_to
    )
    select
        before.source, before.object, before.source_key, before.account_id, before.method,
        before.confidence, before.first_seen, before.valid_from, now()
    from before
    where before.valid_from < now()
    on conflict do nothing;
    return null;
end;
$$;
create trigger keep_changed_links after update on core.account_link
referencing old table as before for each statement execute function core.keep_past_links();
create trigger keep_removed_links after delete on core.account_link
referencing old table as before for each statement execute function core.keep_past_links();

-- One row: when all links were last confirmed, and the day for which (people's mapping has days).
create table core.linking (
    is_only boolean primary key default true check (is_only),
    linked_at timestamptz not null,
    day date
);

-- Every link there is and was. last_seen: until when rules supported it; valid_to: NULL = current.
create view core.link_ledger as
select
    account_link.source,
    account_link.object,
    account_link.source_key,
    account_link.account_id,
    account_link.method,
    account_link.confidence,
    account_link.first_seen,
    account_link.valid_from,
    null::timestamptz as valid_to,
    greatest(linking.linked_at, account_link.valid_from) as last_seen
from core.account_link
left join core.linking on linking.is_only
union all
select
    source,
    object,
    source_key,
    account_id,
    method,
    confidence,
    first_seen,
    valid_from,
    valid_to,
    valid_to
from core.account_link_past;

-- The lines of people's mapping file. account: a CRM record id, NULL = belongs to nobody.
-- state: in force; not yet, over (the day lies outside); else why the line is not used.
create table core.link_mapping (
    line_no integer primary key,
    source text,
    object text,
    source_key text,
    account text,
    valid_from date,
    valid_to date,
    who text,
    why text,
    fault text,
    account_id integer,
    state text not null default 'new'
);
create index link_mapping_by_key on core.link_mapping (source, object, source_key);

-- What was not linked, or linked against other evidence. kind: ambiguous (rule named several
-- accounts, no later one chose among them), conflict (linked, but rule names another account).
create table core.link_doubt (
    source text not null,
    object text not null,
    source_key text not null,
    kind text not null check (kind in ('ambiguous', 'conflict')),
    method text not null,
    account_id integer,
    candidates integer[] not null,
    primary key (source, object, source_key, kind, method)
);

-- All values of the metadata keys that name an account, in the order of health.yaml.
alter table core.customer add column account_keys text[] not null default '{}';
update core.customer set account_keys = array[account_key]
where account_key is not null;
alter table core.subscription add column account_keys text[] not null default '{}';
update core.subscription set account_keys = array[account_key]
where account_key is not null;

-- The product groups that were ever seen, so that nobody has to read all usage to list them.
create table core.usage_group (
    source text not null,
    account_key text not null,
    primary key (source, account_key)
);
insert into core.usage_group (source, account_key)
select distinct
    source,
    account_key
from core.usage_day;
create function core.note_usage_groups() returns trigger
language plpgsql
as $$
begin
    insert into core.usage_group (source, account_key)
    select distinct source, account_key from added
    on conflict do nothing;
    return null;
end;
$$;
create trigger note_usage_groups after insert on core.usage_day
referencing new table as added for each statement execute function core.note_usage_groups();

-- Where a CRM record went that was merged away: followed from merge to merge to the last winner.
-- Several rows: several records claim it. None: the merges go round in a circle and say nothing.
create index account_merges on core.account (account_id) where merged_ids != '{}';
create view core.account_alias as
with recursive edge as (
    select distinct
        account.source,
        account.source_account_id as winner,
        trim(merged.record_id) as loser
    from core.account
    cross join unnest(account.merged_ids) as merged (record_id)
    where account.merged_ids != '{}' and trim(merged.record_id) != account.source_account_id
),

walk as (
    select
        edge.source,
        edge.loser,
        edge.winner
    from edge
    union
    select
        walk.source,
        walk.loser,
        edge.winner
    from walk
    inner join edge on walk.source = edge.source and walk.winner = edge.loser
)

select
    walk.source,
    walk.loser as source_account_id,
    account.account_id
from walk
inner join core.account
    on walk.source = account.source and walk.winner = account.source_account_id
where
    not exists (
        select 1 from edge
        where edge.source = walk.source and edge.loser = walk.winner
    );

-- The accounts that exist in the CRM today: neither archived nor merged into another one.
create or replace view core.live_account as
select account.*
from core.account
where
    account.archived_at is null
    and not exists (
        select 1
        from core.account_alias
        where
            account_alias.source = account.source
            and account_alias.source_account_id = account.source_account_id
    );

-- Whose the records of the CRM are: a live account's own, and those merged into it.
create view core.account_record as
select
    source,
    source_account_id,
    account_id
from core.live_account
union all
select
    account_alias.source,
    account_alias.source_account_id,
    live_account.account_id
from core.account_alias
inner join core.live_account on account_alias.account_id = live_account.account_id;

drop view core.strong_key;
drop view core.domain_owner;
drop view core.contact_owner;

-- A Salesforce id of 15 characters with the 3 that make it safe to compare in any case.
-- Each says which of five characters are upper case (IDENTITY.md part 4, checked Nov 2026).
create function core.salesforce_id(entered text) returns text
language sql immutable parallel safe
return entered || (
    select
        string_agg(
            substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ012345', part.bits + 1, 1), '' order by part.nth
        )
    from (
        select
            (place - 1) / 5 as nth,
            sum(
                case
                    when ascii(substr(entered, place, 1)) between 65 and 90
                        then 1 << ((place - 1) % 5)
                    else 0
                end
            )::integer as bits
        from generate_series(1, 15) as place
        group by (place - 1) / 5
    ) as part
);

-- A key as it is compared: without blanks around it, case kept; NULL where nothing is left.
create function core.plain_key(entered text) returns text
language sql immutable parallel safe
return case
    when trim(entered) ~ '^001[A-Za-z0-9]{12}$' then core.salesforce_id(trim(entered))
    else nullif(trim(entered), '')
end;

-- An e-mail address as it is compared: lower case, without the part after a plus sign.
create function core.plain_address(entered text) returns text
language sql immutable parallel safe
return case
    when position('+' in entered) > 0
        then regexp_replace(lower(trim(entered)), '\+[^@]*@', '@')
    else lower(trim(entered))
end;

-- What a strong key may name: the CRM's id, ids merged into it, the tenant key. A key with two
-- accounts names none.
create view core.account_key as
select
    account_id,
    core.plain_key(source_account_id) as key
from core.account_record
union all
select
    account_id,
    core.plain_key(tenant_key)
from core.live_account
where tenant_key is not null;

-- The addresses that the CRM knows as contacts of live accounts, also by ids merged into them.
create view core.contact_address as
select
    account_record.account_id,
    core.plain_address(contact.email) as address
from core.contact
inner join core.account_record using (source, source_account_id)
where contact.email is not null;

-- Which account each subscription and invoice belongs to: the subscription's own link counts, also
-- where it says nobody, else its customer's. No row where there is no account.
create or replace view core.subscription_account as
select
    subscription.source,
    subscription.subscription_id,
    case
        when own_link.source is null then customer_link.account_id else own_link.account_id
    end as account_id
from core.subscription
left join core.account_link as own_link
    on
        subscription.source = own_link.source
        and own_link.object = 'subscription'
        and subscription.subscription_id = own_link.source_key
left join core.account_link as customer_link
    on
        subscription.source = customer_link.source
        and customer_link.object = 'customer'
        and subscription.customer_id = customer_link.source_key
where
    own_link.account_id is not null
    or (own_link.source is null and customer_link.account_id is not null);

create or replace view core.invoice_account as
select
    invoice.source,
    invoice.invoice_id,
    case
        when own_link.source is null then customer_link.account_id else own_link.account_id
    end as account_id
from core.invoice
left join core.account_link as own_link
    on
        invoice.source = own_link.source
        and own_link.object = 'subscription'
        and invoice.subscription_id = own_link.source_key
left join core.account_link as customer_link
    on
        invoice.source = customer_link.source
        and customer_link.object = 'customer'
        and invoice.customer_id = customer_link.source_key
where
    own_link.account_id is not null
    or (own_link.source is null and customer_link.account_id is not null);

-- Source rows that belong to no account, one row an object or ticket; what people set aside as
-- nobody's is not among them.
create or replace view core.unmatched as
select
    seen.source,
    seen.object,
    seen.source_key,
    seen.label
from (
    select
        source,
        'organization' as object,
        organization_id as source_key,
        name as label
    from core.organization
    where deleted_at is null
    union all
    select
        source,
        'customer',
        customer_id,
        name
    from core.customer
    where not is_deleted
    union all
    select
        source,
        'group',
        account_key,
        account_key
    from core.usage_group
) as seen
where
    not exists (
        select 1 from core.account_link
        where
            account_link.source = seen.source
            and account_link.object = seen.object
            and account_link.source_key = seen.source_key
    )
union all
select
    ticket.source,
    'ticket',
    ticket.ticket_id,
    ticket.ticket_id
from core.ticket
where
    ticket.status != 'deleted'
    and not exists (
        select 1 from core.ticket_account
        where ticket_account.source = ticket.source and ticket_account.ticket_id = ticket.ticket_id
    )
    and not exists (
        select 1 from core.account_link as nobodys
        where
            nobodys.account_id is null
            and nobodys.source = ticket.source
            and (
                (nobodys.object = 'organization' and nobodys.source_key = ticket.organization_id)
                or (
                    nobodys.object = 'requester'
                    and nobodys.source_key = ticket.requester_id
                    and ticket.organization_id is null
                )
            )
    );
