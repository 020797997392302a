-- Grain: one row per renewal or expansion that was won or lost up to as_of. Re-running in a new
-- transaction gives the same. subject: what it is evidence for: the nearest end of a term or
-- billed renewal within 60 days, of those that agree with it first; for an expansion the first
-- billed one from 60 days before to 400 days after it, since many are billed with the next period.
insert into deal (
    account_id, source, opportunity_id, kind, stage, closed_on, amount, subject
)
with closed as (
    select
        winner.account_id,
        opportunity.source,
        opportunity.opportunity_id,
        lower(opportunity.kind) as kind,
        opportunity.stage,
        core.day_of(opportunity.closed_at) as closed_on,
        core.in_reporting(
            opportunity.amount_minor, opportunity.currency, core.day_of(opportunity.closed_at)
        ) as amount
    from core.opportunity
    inner join core.account_winner as winner
        on
            opportunity.source = winner.source
            and opportunity.source_account_id = winner.source_account_id
    where
        opportunity.stage in ('won', 'lost')
        and core.day_of(opportunity.closed_at) <= :as_of
        and (
            lower(opportunity.kind) = 'renewal'
            or (lower(opportunity.kind) = 'expansion' and opportunity.stage = 'won')
        )
)

select
    closed.*,
    near.subject
from closed
left join
    lateral (
        select found.subject
        from found
        where
            found.account_id = closed.account_id
            and case closed.kind
                when 'renewal'
                    then
                        found.kind in ('renewal', 'churn')
                        and abs(found.occurred_on - closed.closed_on) <= 60
                else
                    found.kind = 'expansion'
                    and found.occurred_on between closed.closed_on - 60 and closed.closed_on + 400
            end
        order by
            (found.kind = 'churn') = (closed.stage = 'won') asc,
            abs(found.occurred_on - closed.closed_on) asc,
            found.subject asc
        limit 1
    ) as near
    on true
