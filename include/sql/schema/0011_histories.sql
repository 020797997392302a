-- Which readings are as known then, where each came from, what was thinned. Re-run: refused.
-- origins: of a reconstructed row, a letter a measure: L as another scorecard that reads the same
-- had it live on that day; F computed from the facts later. NULL: the whole row is of one kind: as
-- known then in live rows, from the facts in reconstructed ones.
alter table health.reading add column origins text;

-- The days of which most snapshots have lost their receipts (points, readings, drivers): scores
-- stay for ever, and so do the readings in health.reading.
create table health.thinned_day (
    as_of date primary key,
    thinned_at timestamptz not null default now()
);
