-- Grain: one row per outcome and revision: a new one where what the facts say has changed, or where
-- they do not say it any more (withdrawn). Re-running writes nothing. Outcomes after as_of stay as
-- they are: a run for an earlier day takes nothing back. So do all those of an account whose
-- billing links are lost.
insert into health.outcome (
    account_id, subject, revision, kind, occurred_on, amount_before, amount_after, currency,
    evidence, conflict, is_withdrawn
)
with newest as (
    select distinct on (account_id, subject) *
    from health.outcome
    order by account_id asc, subject asc, revision desc
),

wanted as (
    select
        found.*,
        money.currency
    from found
    left join core.money on true
)

select
    coalesce(wanted.account_id, newest.account_id),
    coalesce(wanted.subject, newest.subject),
    coalesce(newest.revision, 0) + 1,
    coalesce(wanted.kind, newest.kind),
    coalesce(wanted.occurred_on, newest.occurred_on),
    case when wanted.subject is null then newest.amount_before else wanted.amount_before end,
    case when wanted.subject is null then newest.amount_after else wanted.amount_after end,
    case when wanted.subject is null then newest.currency else wanted.currency end,
    coalesce(wanted.evidence, newest.evidence),
    case when wanted.subject is null then newest.conflict else wanted.conflict end,
    wanted.subject is null
from wanted
full join newest on wanted.account_id = newest.account_id and wanted.subject = newest.subject
where
    coalesce(wanted.account_id, newest.account_id) not in (
        select account_id from core.lost_billing
    )
    and case
        when wanted.subject is null
            then not newest.is_withdrawn and newest.occurred_on <= :as_of
        when newest.subject is null then true
        else
            (
                wanted.kind, wanted.occurred_on, wanted.amount_before, wanted.amount_after,
                wanted.currency, wanted.evidence, wanted.conflict, false
            )
            is distinct from
            (
                newest.kind, newest.occurred_on, newest.amount_before, newest.amount_after,
                newest.currency, newest.evidence, newest.conflict, newest.is_withdrawn
            )
    end
