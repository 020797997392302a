-- Grain: one row per account that a card scored on a day in the segment in which one account stood
-- at the end of it; accounts without a segment are peers of each other. Reads only. Newest
-- revision; the live row where there is one.
with stood as materialized (
    select
        entered.account_id,
        entered.segment
    from core.attributes_on(core.end_of(cast(:as_of as date))) as entered
)

select
    snapshot.account_id,
    stood.segment,
    snapshot.categories,
    coalesce(snapshot.score, 'NaN') as score
from health.latest_snapshot as snapshot
left join stood on snapshot.account_id = stood.account_id
where
    snapshot.scorecard_id = :scorecard_id
    and snapshot.as_of = :as_of
    and stood.segment is not distinct from (
        select own.segment
        from stood as own
        where own.account_id = :account_id
    )
order by snapshot.account_id
