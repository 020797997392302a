-- Grain: none; empty tables of this transaction: whom to check, and what each way of computing
-- gave.
create temporary table checked (
    account_id integer primary key
) on commit drop;
create temporary table computed (
    way text not null,
    name text not null,
    account_id integer not null,
    day date not null,
    value double precision not null
) on commit drop
