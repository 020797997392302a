-- Grain: one row a scorecard of a live day. Those that health.yaml names now are entered; those
-- that it names no more go. Re-running changes nothing.
with gone as (
    delete from health.deck
    where as_of = :as_of and scorecard_id <> all(cast(:scorecard_ids as smallint[]))
)

insert into health.deck as known (as_of, scorecard_id, outcome, is_shadow)
select
    :as_of,
    card.scorecard_id,
    card.outcome,
    card.is_shadow
from
    unnest(
        cast(:scorecard_ids as smallint[]), cast(:outcomes as text[]), cast(:shadows as boolean[])
    ) as card (scorecard_id, outcome, is_shadow)
on conflict (as_of, scorecard_id) do update set
    outcome = excluded.outcome,
    is_shadow = excluded.is_shadow
where (known.outcome, known.is_shadow) is distinct from (excluded.outcome, excluded.is_shadow)
