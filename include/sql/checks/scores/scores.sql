-- Grain: one row per account that should have a score on the day or has one, with its newest
-- revision. `customer` is the temporary result of terms/on_days; accounts: the only ones of them
-- that are to be scored, NULL for all. before: its score on the last published day of the seven
-- before, NULL without one. move: NULL below 20 accounts, where a single one moves the share too
-- far. Reads only.
with this as (
    select * from health.latest_snapshot
    where as_of = :as_of and scorecard_id = :scorecard_id
),

before as (
    select * from health.latest_snapshot
    where
        scorecard_id = :scorecard_id
        and as_of = (
            select max(publication.as_of)
            from health.publication
            where
                publication.scorecard_id = :scorecard_id
                and publication.as_of < :as_of
                and publication.as_of >= cast(:as_of as date) - 7
        )
),

due as (
    select account_id
    from customer
    where
        first_day <= :as_of
        and (last_day is null or last_day >= :as_of)
        and (
            cast(:accounts as integer[]) is null
            or account_id = any(cast(:accounts as integer[]))
        )
)

select
    this.score,
    this.floor,
    this.ceiling,
    this.coverage,
    this.band,
    cast(coalesce(this.account_id, due.account_id) as text) as record_id,
    this.account_id is not null as is_scored,
    due.account_id is not null as is_due,
    this.band = 'unknown' or this.score is not null as band_has_score,
    case when count(*) over () >= 20 then abs(this.score - before.score) end as move
from this
full join due on this.account_id = due.account_id
left join before on this.account_id = before.account_id
