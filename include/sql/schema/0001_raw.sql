-- What the vendors sent, append-only, and how each landing ended. Re-run: refused by Alembic.
create schema raw;
create schema core;
create schema health;

-- One endpoint of one source, by the names that health.yaml and the source modules use.
create table raw.stream (
    stream_id smallint generated always as identity primary key,
    source text not null,
    vendor text not null,
    stream text not null,
    unique (source, stream)
);

-- One landing of one stream. Its records count only once landed_at is set; a landing that was cut
-- off is swept away by the next one. state is the vendor's cursor to start from next time.
create table raw.batch (
    batch_id bigint generated always as identity primary key,
    stream_id smallint not null references raw.stream,
    run_id text not null,
    as_of date not null,
    started_at timestamptz not null default now(),
    landed_at timestamptz,
    conformed_at timestamptz,
    received bigint not null default 0,
    duplicates bigint not null default 0,
    unchanged bigint not null default 0,
    changed bigint not null default 0,
    rejected bigint not null default 0,
    state jsonb
);
create index batch_by_stream on raw.batch (stream_id, batch_id desc);
create index batch_waiting on raw.batch (batch_id) where landed_at is not null
and conformed_at is null;

-- One version of one record: a new row only when the content differs. Newest batch_id wins.
create table raw.record (
    batch_id bigint not null,
    stream_id smallint not null,
    record_id text not null,
    observed_at timestamptz not null,
    digest bytea not null,
    payload jsonb not null
);
create index record_versions on raw.record (stream_id, record_id, batch_id desc);
-- A landing's records stand together, so ranges of pages find them at a tenth of a B-tree's cost.
create index record_by_batch on raw.record using brin (batch_id)
with (pages_per_range = 32, autosummarize = on);

-- A record without the fields (dotted paths) whose change alone makes no new version.
create function raw.without(payload jsonb, volatile text[]) returns jsonb
language plpgsql immutable parallel safe
as $$
declare
    path text;
begin
    foreach path in array volatile loop
        payload := payload #- string_to_array(path, '.');
    end loop;
    return payload;
end;
$$;

-- What arrived but may not become a fact, and why. payload is kept only where no raw.record is.
create table raw.quarantine (
    quarantine_id bigint generated always as identity primary key,
    batch_id bigint not null,
    stream_id smallint not null references raw.stream,
    record_id text,
    stage text not null check (stage in ('landing', 'raw', 'facts')),
    reason text not null,
    payload jsonb,
    created_at timestamptz not null default now()
);
create index quarantine_by_record on raw.quarantine (stream_id, record_id);
create index quarantine_by_batch on raw.quarantine (batch_id);

-- The records that landed and are not facts yet, newest version of each. `offset 0` makes the
-- planner look up each landing by itself: whatever it believes, it never reads the whole table.
create view raw.waiting as
select distinct on (batch.stream_id, record.record_id)
    stream.source,
    stream.vendor,
    stream.stream,
    batch.stream_id,
    batch.batch_id,
    record.record_id,
    record.observed_at,
    record.payload
from raw.batch
inner join raw.stream on batch.stream_id = stream.stream_id
cross join
    lateral (
        select
            landed.record_id,
            landed.observed_at,
            landed.payload
        from raw.record as landed
        where landed.batch_id = batch.batch_id
        offset 0 -- noqa: AM09
    ) as record
where batch.landed_at is not null and batch.conformed_at is null
order by batch.stream_id asc, record.record_id asc, batch.batch_id desc;

-- What may become a fact: waiting records that no check has set aside.
create view raw.accepted as
select waiting.*
from raw.waiting
where not exists (
    select 1
    from raw.quarantine
    where
        quarantine.stream_id = waiting.stream_id
        and quarantine.record_id = waiting.record_id
        and quarantine.batch_id = waiting.batch_id
);
