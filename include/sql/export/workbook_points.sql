-- Grain: one row an account that a scorecard scored on a published day, by account: its points by
-- place of the measure; NULL: unknown, also where neutral ones stand in. Reads only.
select
    fact.account_id,
    account.source_account_id as crm_id,
    account.name,
    fact.points,
    fact.is_thinned
from (
    select
        account_id,
        array_agg(case when is_known then points end order by measure_id) as points,
        bool_or(state = 'thinned') as is_thinned
    from health_bi.fact_measure
    where outcome = :outcome and day = :as_of and scorecard_id = :scorecard_id
    group by account_id
) as fact
inner join core.account on fact.account_id = account.account_id
order by fact.account_id
