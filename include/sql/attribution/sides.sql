-- Grain: one row per account that has a score on a day: what it was computed from, by its card of
-- :scorecard_id or, where there is none, by the newest other live card of the same outcome (so that
-- a new version, or another card for another segment, has a day to be compared with). Reads only.
-- readings: where the receipt was thinned, those of health.reading, which stay for ever.
with cards as materialized (
    select
        other.scorecard_id,
        other.scorecard_id = :scorecard_id as is_own
    from health.scorecard as other
    inner join health.scorecard as own on own.scorecard_id = :scorecard_id
    where
        other.scorecard_id = own.scorecard_id
        or (
            cast(:others as boolean)
            and cast(other.body as jsonb) ->> 'outcome' = cast(own.body as jsonb) ->> 'outcome'
            and exists (
                select 1
                from health.publication
                where publication.scorecard_id = other.scorecard_id and not publication.is_shadow
            )
        )
)

select distinct on (snapshot.account_id)
    snapshot.account_id,
    snapshot.scorecard_id,
    snapshot.basis,
    snapshot.revision,
    snapshot.score,
    snapshot.band,
    cast(snapshot.context as text) as context,
    health.readings_of(snapshot.readings, known.readings) as readings
from cards
inner join health.snapshot on cards.scorecard_id = snapshot.scorecard_id
left join
    lateral health.kept_readings(
        snapshot.as_of, snapshot.scorecard_id, snapshot.basis,
        case when cardinality(snapshot.readings) = 0 then snapshot.account_id end
    ) as known
    on true
where
    snapshot.as_of = :as_of
    and snapshot.account_id = any(cast(:accounts as integer[]))
    and (
        cards.is_own
        or not exists (
            select 1
            from health.publication
            where
                publication.as_of = snapshot.as_of
                and publication.scorecard_id = snapshot.scorecard_id
                and publication.is_shadow
        )
    )
order by
    snapshot.account_id asc, cards.is_own desc, snapshot.scorecard_id desc,
    snapshot.basis asc, snapshot.revision desc
