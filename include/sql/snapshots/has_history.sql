-- Grain: one row: whether a card has any snapshot before a day. Reads only.
select
    exists(
        select 1
        from health.snapshot
        inner join health.scorecard on snapshot.scorecard_id = scorecard.scorecard_id
        where
            scorecard.name = :name
            and scorecard.version = :version
            and snapshot.as_of < :as_of
    ) as found
