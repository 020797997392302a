-- Grain: temporary tables of one linking; gone with its transaction. Re-running starts anew.
-- linkable: what can belong to an account; keys: what it carries. named: the keys by which objects
-- name each other and accounts; place 0 is what an object is called itself, from 1 on what it
-- carries. vote: the accounts that a rule names, at most 11; account 0 is nobody. decided: the
-- first rule that named exactly one. doubt: the first rule that named several.
create temporary table linkable (
    object_no integer not null,
    source text not null,
    object text not null,
    source_key text not null,
    address text,
    host text,
    keys text[] not null
) on commit drop;
create temporary table named (
    object_no integer not null,
    place smallint not null,
    key text not null
) on commit drop;
create temporary table contact_claim (
    address text not null,
    accounts integer[] not null
) on commit drop;
create temporary table vote (
    object_no integer not null,
    rule smallint not null,
    accounts integer[] not null
) on commit drop;
create temporary table decided (
    object_no integer primary key,
    rule smallint not null,
    account_id integer not null
) on commit drop;
create temporary table doubt (
    object_no integer primary key,
    rule smallint not null,
    accounts integer[] not null
) on commit drop;
