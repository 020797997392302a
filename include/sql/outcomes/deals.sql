-- Grain: one row per renewal or expansion that was won or lost up to as_of. Re-running in a new
-- transaction gives the same. subject: what it is evidence for: the nearest end of a term or
-- billed renewal within 60 days, of those that agree with it first; for an expansion the first
-- billed one from 60 days before to 400 days after it, since many are billed with the next period.
insert into deal (
    account_id, source, opportunity_id, kind, stage, closed_on, amount, subject
)
with merged as materialized (
    select distinct on (source, record_id)
        source,
        record_id,
        account_id
    from (
        select
            source,
            account_id,
            unnest(merged_ids) as record_id
        from core.account
        where merged_ids != '{}'
    ) as named
    order by source asc, record_id asc, account_id desc
),

closed as (
    select
        coalesce(merged.account_id, named.account_id) as account_id,
        opportunity.source,
        opportunity.opportunity_id,
        lower(opportunity.kind) as kind,
        opportunity.stage,
        core.day_of(opportunity.closed_at) as closed_on,
        core.in_reporting(
            opportunity.amount_minor, opportunity.currency, core.day_of(opportunity.closed_at)
        ) as amount
    from core.opportunity
    left join merged
        on
            opportunity.source = merged.source
            and opportunity.source_account_id = merged.record_id
    left join core.account as named
        on
            opportunity.source = named.source
            and opportunity.source_account_id = named.source_account_id
    where
        opportunity.stage in ('won', 'lost')
        and coalesce(merged.account_id, named.account_id) is not null
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
