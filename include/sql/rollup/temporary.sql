-- Grain: none; empty tables of this transaction: what to compute, what the series files fill,
-- and what differs from it; and room to sort a shard in memory.
set local work_mem = '64MB';
create temporary table taken (
    file text not null,
    account_id integer not null,
    first_day date not null,
    last_day date not null
) on commit drop;
create temporary table touched (
    account_id integer not null,
    first_day date not null,
    last_day date not null,
    begins timestamptz not null,
    ends timestamptz not null
) on commit drop;
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
) on commit drop;
create temporary table other (
    series_id smallint not null,
    account_id integer not null,
    day date not null,
    value double precision
) on commit drop
