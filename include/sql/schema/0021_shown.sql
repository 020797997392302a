-- Which scores people see where an outcome has several cards. Re-run: refused by Alembic.

-- One row an account: its newest score on a day by any of the cards of one outcome. Where two of
-- them scored it (the day was run again after its segment had changed), the live row before the
-- reconstructed one, then the one of the later run: its card is the one that applies now.
create function health.shown_on(
    day date, scorecard_ids smallint[]
) returns setof health.latest_snapshot
language sql stable parallel safe
as $$
select snapshot.*
from health.latest_snapshot as snapshot
where
    snapshot.as_of = day
    and snapshot.scorecard_id = any(scorecard_ids)
    and (
        cardinality(scorecard_ids) = 1
        or not exists (
            select 1
            from health.snapshot as other
            where
                other.as_of = day
                and other.scorecard_id = any(scorecard_ids)
                and other.scorecard_id <> snapshot.scorecard_id
                and other.account_id = snapshot.account_id
                and (other.basis, -other.run_no, -other.scorecard_id)
                < (snapshot.basis, -snapshot.run_no, -snapshot.scorecard_id)
        )
    )
$$;

-- Whether people may see a day of an outcome: a card of it is published, and none has live scores
-- that are not, for then a part of the accounts did not pass its checks.
create function health.may_be_seen(
    day date, scorecard_ids smallint[]
) returns boolean
language sql stable parallel safe
as $$
select
    exists (
        select 1
        from health.publication
        where publication.as_of = day and publication.scorecard_id = any(scorecard_ids)
    )
    and not exists (
        select 1
        from unnest(scorecard_ids) as card (scorecard_id)
        where
            not exists (
                select 1
                from health.publication
                where
                    publication.as_of = day
                    and publication.scorecard_id = card.scorecard_id
            )
            and exists (
                select 1
                from health.snapshot
                where
                    snapshot.as_of = day
                    and snapshot.scorecard_id = card.scorecard_id
                    and snapshot.basis = 'live'
            )
    )
$$;
