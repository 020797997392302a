-- Grain: one row: how many reconstructed account-days of a card have readings and snapshots, of
-- all accounts, or of those chosen. Reads only.
with card as (
    select scorecard_id
    from health.scorecard
    where name = :name and version = :version
),

calendar as (
    select day::date
    from
        generate_series(
            (:first_day)::date, (:last_day)::date, interval '1 day'
        ) as days (day)
)

select
    (
        select count(*)
        from calendar
        cross join card
        inner join health.reading
            on calendar.day = reading.as_of and card.scorecard_id = reading.scorecard_id
        where
            reading.basis = 'reconstructed'
            and reading.revision = 0
            and (
                (:chosen)::integer[] is null
                or reading.account_id = any((:chosen)::integer[])
            )
    ) as readings,
    (
        select count(*)
        from calendar
        cross join card
        inner join health.snapshot
            on calendar.day = snapshot.as_of and card.scorecard_id = snapshot.scorecard_id
        where
            snapshot.basis = 'reconstructed'
            and snapshot.revision = 0
            and (
                (:chosen)::integer[] is null
                or snapshot.account_id = any((:chosen)::integer[])
            )
    ) as snapshots
