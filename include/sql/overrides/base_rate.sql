-- Grain: one row: of the accounts that were customers on any of these first days and that nobody
-- overrode, counted once a day, how many there are and how many churned or contracted within
-- `horizon` days. The measure that overrides have to beat. Reads only.
select
    count(*) as accounts,
    count(*) filter (
        where exists (
            select 1
            from health.current_outcome as outcome
            where
                outcome.account_id = term.account_id
                and outcome.kind in ('churn', 'contraction')
                and outcome.occurred_on between asked.first_day
                and asked.first_day + cast(:horizon as integer) - 1
        )
    ) as went_badly
from unnest(cast(:first_days as date[])) as asked (first_day)
inner join core.term
    on asked.first_day >= term.first_day and asked.first_day <= coalesce(term.last_day, 'infinity')
where
    not exists (
        select 1
        from health.override
        where override.account_id = term.account_id
    )
