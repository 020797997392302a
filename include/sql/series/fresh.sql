-- Grain: none; two empty tables of this transaction, which the series files fill.
create temporary table fresh (
    name text not null,
    account_id integer not null,
    day date not null,
    value double precision not null
) on commit drop;
create temporary table fresh_known (
    account_id integer not null,
    role text not null,
    day date not null
) on commit drop
