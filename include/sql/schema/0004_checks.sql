-- What the checks need: currencies, readers of vendors' text, volumes, linked shares.
-- Re-run: refused by Alembic.

-- Currencies in lower case and the digits of their minor unit in a billing system's amounts.
-- The ISO 4217 list with Stripe's own exponents (STRIPE.md part 6, checked Nov 2026): isk and ugx
-- have no minor unit but are sent times 100. hrk and sll are gone but stand on old invoices.
create table core.currency (
    code text primary key check (code ~ '^[a-z]{3}$'),
    exponent smallint not null check (exponent in (0, 2, 3))
);

insert into core.currency (code, exponent)
select
    string_to_table(listed.codes, ' '),
    listed.exponent
from (
    values
    (0, 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'),
    (3, 'bhd iqd jod kwd lyd omr tnd'),
    (2, 'aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd btn bwp'),
    (2, 'byn bzd cad cdf chf cny cop crc cup cve czk dkk dop dzd egp ern etb eur fjd fkp gbp'),
    (2, 'gel ghs gip gmd gtq gyd hkd hnl hrk htg huf idr ils inr irr isk jmd kes kgs khr kpw'),
    (2, 'kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mru mur mvr mwk mxn myr mzn nad'),
    (2, 'ngn nio nok npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sdg sek sgd'),
    (2, 'shp sle sll sos srd ssp stn svc syp szl thb tjs tmt top try ttd twd tzs uah ugx usd'),
    (2, 'uyu uzs ved ves wst xcd xcg yer zar zmw zwg')
) as listed (exponent, codes);

-- Whether a vendor's text reads as what it should be; NULL where nothing was entered.
create function raw.reads_as_time(entered text) returns boolean
language sql stable parallel safe
return case when entered != '' then core.to_time(entered) is not null end;

create function raw.reads_as_epoch(entered text) returns boolean
language sql immutable parallel safe
return case when entered != '' then core.from_epoch(entered) is not null end;

create function raw.reads_as_day(entered text) returns boolean
language sql stable parallel safe
return case when entered != '' then core.to_day(entered) is not null end;

create function raw.reads_as_number(entered text) returns boolean
language sql immutable parallel safe
return case when entered != '' then core.to_number(entered) is not null end;

create function raw.reads_as_boolean(entered text) returns boolean
language sql stable parallel safe
return pg_input_is_valid(entered, 'boolean');

-- The elements of a JSON list; none where it is no list, so that a check can say so.
create function raw.elements(list jsonb) returns setof jsonb
language sql immutable parallel safe rows 10
return jsonb_array_elements(case when jsonb_typeof(list) = 'array' then list else '[]' end);

-- Days from `latest` to a moment, below zero where it lies before; 'infinity' is infinitely far.
create function raw.days_after(moment timestamptz, latest timestamptz) returns double precision
language sql stable parallel safe
return (date_part('epoch', moment) - date_part('epoch', latest)) / 86400;

-- An amount that can be compared as any type: what is too large, and NaN, become 10 to the 18th.
create function raw.bounded(amount numeric) returns numeric
language sql immutable parallel safe
return case when amount is not null then least(greatest(amount, -1e18), 1e18) end;

-- What each stream brought in each run. nth counts from 1, the first load of the stream.
create view raw.volume as
select
    stream.source,
    stream.stream,
    batch.stream_id,
    batch.run_id,
    max(batch.batch_id) as last_batch,
    max(batch.as_of) as as_of,
    sum(batch.received) as received,
    sum(batch.changed) as changed,
    sum(batch.rejected) as rejected,
    row_number() over (partition by batch.stream_id order by max(batch.batch_id)) as nth
from raw.batch
inner join raw.stream on batch.stream_id = stream.stream_id
where batch.landed_at is not null
group by stream.source, stream.stream, batch.stream_id, batch.run_id;

-- How many live accounts were linked to a kind of source, to notice when links get lost.
create table health.linked_share (
    run_no integer not null references health.run,
    role text not null,
    accounts bigint not null,
    linked bigint not null,
    primary key (run_no, role)
);
