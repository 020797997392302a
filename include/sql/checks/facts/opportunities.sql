-- Grain: one row per opportunity. Reads only.
select
    opportunity.opportunity_id as record_id,
    opportunity.amount_minor,
    opportunity.created_at,
    opportunity.stage = 'open' or opportunity.closed_at is not null as end_is_dated,
    case when opportunity.stage != 'open' then opportunity.closed_at end as closed_at,
    case
        when opportunity.source_account_id is not null then account.account_id is not null
    end as account_is_known
from core.opportunity
left join core.account
    on
        opportunity.source = account.source
        and opportunity.source_account_id = account.source_account_id
