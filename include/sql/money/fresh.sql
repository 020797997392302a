-- Grain: none; empty tables of this transaction: the lines of the rates file, the rates in force
-- that follow from them, and the days whose rate in force is another than before.
create temporary table fresh_rate (
    currency text not null,
    day date not null,
    rate numeric not null,
    source text not null
) on commit drop;
create temporary table fresh_in_force (
    currency text not null,
    day date not null,
    rate numeric not null,
    rated_on date not null,
    primary key (currency, day)
) on commit drop;
create temporary table changed_rate (
    currency text not null,
    day date not null
) on commit drop
