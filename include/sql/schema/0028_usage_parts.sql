-- What a usage day is made of where its events come in several exports. Re-run: refused by Alembic.

-- One row a product group, day and part. A part is what can be read again whole: a day by the clock
-- of the vendor's exports. The parts of a day add up to its core.usage_day: no event is in two.
create table core.usage_part (
    source text not null,
    account_key text not null,
    day date not null,
    part date not null,
    events bigint not null,
    users text[] not null,
    features text[] not null,
    primary key (source, account_key, day, part)
);
