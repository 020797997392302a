-- Grain: one row per override that held on some day, a renewed one once, by its first. Judged by
-- what became of the account from valid_from on within `horizon` days, as known today. is_over:
-- all those days have been run. Reads only.
with newest as (
    select max(as_of) as day
    from health.run
    where kind = 'daily'
),

judged as (
    select
        held.override_id,
        held.account_id,
        account.name,
        held.author,
        held.reason,
        held.may_raise as is_raise,
        held.valid_from,
        held.valid_from + cast(:horizon as integer) - 1 as last_day
    from health.override_held as held
    inner join core.account on held.account_id = account.account_id
    where
        held.renews is null
        and held.valid_from <= held.last_day
        and (
            held.scorecard is null
            or cast(:scorecard as text) is null
            or held.scorecard = cast(:scorecard as text)
        )
)

select
    judged.*,
    bad.kind as outcome,
    bad.occurred_on,
    coalesce(judged.last_day <= newest.day, false) as is_over,
    bad.occurred_on is not null as went_badly
from judged
cross join newest
left join
    lateral (
        select
            outcome.kind,
            outcome.occurred_on
        from health.current_outcome as outcome
        where
            outcome.account_id = judged.account_id
            and outcome.kind in ('churn', 'contraction')
            and outcome.occurred_on between judged.valid_from and judged.last_day
        order by outcome.occurred_on
        limit 1
    ) as bad
    on true
order by judged.valid_from desc, judged.override_id desc
