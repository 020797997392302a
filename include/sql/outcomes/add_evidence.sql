-- Grain: one row per outcome with a closed deal. Re-running in a new transaction gives the same.
-- Billing decides what happened; a deal that says otherwise stands beside it as a conflict. An
-- expansion that was sold before it was billed happened when it was sold.
update found
set
    evidence = found.evidence || said.evidence,
    conflict = said.conflict,
    occurred_on = case
        when found.kind = 'expansion' then least(found.occurred_on, said.sold_on)
        else found.occurred_on
    end
from (
    select
        deal.account_id,
        deal.subject,
        jsonb_agg(
            jsonb_build_object(
                'object', 'opportunity', 'source', deal.source, 'id', deal.opportunity_id,
                'says', deal.stage
            )
            order by deal.source, deal.opportunity_id
        ) as evidence,
        string_agg(
            'the CRM says ' || deal.stage || ' (' || deal.source || ' ' || deal.opportunity_id
            || ', ' || deal.closed_on || ')', '; '
            order by deal.source, deal.opportunity_id
        ) filter (where (found.kind = 'churn') = (deal.stage = 'won')) as conflict,
        min(deal.closed_on) as sold_on
    from deal
    inner join found on deal.account_id = found.account_id and deal.subject = found.subject
    group by deal.account_id, deal.subject
) as said
where found.account_id = said.account_id and found.subject = said.subject
