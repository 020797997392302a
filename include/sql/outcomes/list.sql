-- Grain: one row per outcome that counts today, newest first, with the account's scores before it
-- by the cards of one kind of outcome: the last one, and those 30, 60 and 90 days before, each at
-- most six days older; NULL where there is none. Live scores before reconstructed ones. Reads only.
select
    outcome.account_id,
    account.source_account_id as crm_id,
    account.name,
    outcome.kind,
    outcome.occurred_on,
    outcome.amount_before,
    outcome.amount_after,
    outcome.currency,
    outcome.conflict,
    outcome.evidence,
    outcome.revision,
    past.score_before,
    past.band_before,
    past.scored_on,
    past.score_30d_before,
    past.band_30d_before,
    past.score_60d_before,
    past.band_60d_before,
    past.score_90d_before,
    past.band_90d_before
from health.current_outcome as outcome
inner join core.account on outcome.account_id = account.account_id
cross join
    lateral (
        select
            max(found.score) filter (where ahead.days = 1) as score_before,
            max(found.band) filter (where ahead.days = 1) as band_before,
            max(found.as_of) filter (where ahead.days = 1) as scored_on,
            max(found.score) filter (where ahead.days = 30) as score_30d_before,
            max(found.band) filter (where ahead.days = 30) as band_30d_before,
            max(found.score) filter (where ahead.days = 60) as score_60d_before,
            max(found.band) filter (where ahead.days = 60) as band_60d_before,
            max(found.score) filter (where ahead.days = 90) as score_90d_before,
            max(found.band) filter (where ahead.days = 90) as band_90d_before
        from (values (1), (30), (60), (90)) as ahead (days)
        left join
            lateral (
                select
                    snapshot.score,
                    snapshot.band,
                    snapshot.as_of
                from generate_series(0, 6) as older
                inner join health.snapshot
                    on
                        snapshot.as_of = outcome.occurred_on - ahead.days - older
                        and snapshot.scorecard_id = any(cast(:scorecard_ids as smallint[]))
                        and outcome.account_id = snapshot.account_id
                order by
                    snapshot.as_of desc, snapshot.basis asc, snapshot.run_no desc,
                    snapshot.revision desc
                limit 1
            ) as found
            on true
    ) as past
where
    (cast(:kind as text) is null or outcome.kind = :kind)
    and outcome.occurred_on between :first_day and :last_day
    and (not cast(:conflicts as boolean) or outcome.conflict is not null)
order by outcome.occurred_on desc, account.name asc, outcome.subject asc
limit :limit
