-- Changes of accounts' fields that a CRM tells one by one; ids that lost their case.
-- Re-run: refused by Alembic.

-- One change of one field, as the CRM noted it. field: in the CRM's word for history. Values are
-- text; NULL: there was none. A lookup has two rows a change: the names, and the ids.
create table core.account_change (
    source text not null,
    change_id text not null,
    source_account_id text not null,
    field text not null,
    old_value text,
    new_value text,
    author text,
    occurred_at timestamptz not null,
    primary key (source, change_id)
);
create index account_change_by_account on core.account_change (source, source_account_id);

-- A Salesforce id of 18 characters as Salesforce writes it, whatever the case it came in: its last
-- three say which of the first fifteen are upper case. Other text stays as it is.
create function core.restored_id(entered text) returns text
language sql immutable parallel safe
return case
    when entered ~* '^[a-z0-9]{15}[a-z0-5]{3}$'
        then (
            select
                string_agg(
                    case
                        when part.bits >> ((place - 1) % 5) & 1 = 1
                            then upper(substr(entered, place, 1))
                        else lower(substr(entered, place, 1))
                    end,
                    '' order by place
                )
            from generate_series(1, 15) as place
            cross join
                lateral (
                    select
                        strpos(
                            'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345',
                            upper(substr(entered, 16 + (place - 1) / 5, 1))
                        ) - 1 as bits
                ) as part
        ) || upper(right(entered, 3))
    else entered
end;

-- A key as it is compared: without blanks around it, case kept; NULL where nothing is left. An id
-- of a Salesforce account, which begins with 001, is the same with 15 and with 18 characters.
create or replace function core.plain_key(entered text) returns text
language sql immutable parallel safe
return case
    when trim(entered) ~ '^001[A-Za-z0-9]{12}$' then core.salesforce_id(trim(entered))
    when trim(entered) ~ '^001[A-Za-z0-9]{15}$' then core.restored_id(trim(entered))
    else nullif(trim(entered), '')
end;
