-- Grain: one row per account that an outcome's cards scored on a day in the segment in which one
-- account stood at the end of it; accounts without a segment are peers of each other. Reads only.
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
    snapshot.scorecard_id,
    coalesce(snapshot.score, 'NaN') as score
from health.shown_on(:as_of, cast(:scorecard_ids as smallint[])) as snapshot
left join stood on snapshot.account_id = stood.account_id
where
    stood.segment is not distinct from (
        select own.segment
        from stood as own
        where own.account_id = :account_id
    )
order by snapshot.account_id
