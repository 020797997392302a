-- Whom this store was told to forget, so that a vendor's next answer does not bring them back.
-- Re-run: refused by Alembic.

-- What addresses are hashed with, made once. Without it a list of digests could be tried on every
-- store alike; who can read this table can still test whether one certain address is in it.
create table raw.forgetting (
    is_only boolean primary key default true check (is_only),
    salt bytea not null default uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
);
insert into raw.forgetting default values;

-- Keyed BLAKE2b of an address in lower case, 16 bytes. The address itself stands nowhere.
create table raw.forgotten_address (
    digest bytea primary key,
    forgotten_at timestamptz not null default now()
);

-- The vendors' records that are a forgotten person: what a ticket names as its author.
create table raw.forgotten_person (
    stream_id smallint not null references raw.stream,
    record_id text not null,
    forgotten_at timestamptz not null default now(),
    primary key (stream_id, record_id)
);

create function raw.as_object(value jsonb) returns jsonb
language sql immutable parallel safe
return case when jsonb_typeof(value) = 'object' then value else '{}'::jsonb end;

-- A text as a regular expression that matches nothing else.
create function raw.quoted(plain text) returns text
language sql immutable parallel safe
return regexp_replace(plain, '([^[:alnum:]_])', '\\\1', 'g');

-- So that a role without the right to make tables can still write the scores of a new month.
do $$
begin
    alter function health.ensure_partitions(date, date)
        security definer set search_path to pg_catalog, pg_temp;
end;
$$;
