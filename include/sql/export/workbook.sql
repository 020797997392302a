-- Grain: one row an account that a scorecard scored on a published day, by account: which rules
-- act, the override, what is stored. Reads only.
select -- noqa: ST06
    seen.account_id,
    account.source_account_id as crm_id,
    account.name,
    seen.score,
    seen.floor,
    seen.ceiling,
    seen.band,
    seen.fired,
    seen.undecided,
    (seen.context #>> '{override,to}')::double precision as override_to,
    (seen.context #>> '{override,factor}')::double precision as override_factor,
    coalesce((seen.context #>> '{override,may_raise}')::boolean, false) as may_raise
from health.seen_score as seen
inner join core.account on seen.account_id = account.account_id
where
    seen.outcome = :outcome
    and seen.as_of = :as_of
    and seen.scorecard_id = :scorecard_id
order by seen.account_id
