-- Grain: one row per closed deal that no term and no invoice answers to. Re-running in a new
-- transaction gives the same. A won one is believed: a renewal, or an expansion by its amount; a
-- lost renewal only says something once 60 days have passed and the account still is a customer:
-- then it was renewed, whatever the CRM says, and that is a conflict.
insert into found (
    account_id, subject, kind, occurred_on, amount_before, amount_after, evidence, conflict
)
select
    deal.account_id,
    deal.kind || ' ' || deal.source || ' ' || deal.opportunity_id,
    deal.kind,
    deal.closed_on,
    stood.amount,
    case
        when deal.stage = 'lost' then null
        when deal.kind = 'expansion' then stood.amount + deal.amount
        else deal.amount
    end,
    jsonb_build_array(
        jsonb_build_object(
            'object', 'opportunity', 'source', deal.source, 'id', deal.opportunity_id,
            'says', deal.stage
        )
    ),
    case
        when deal.stage = 'lost'
            then
                'the CRM says lost (' || deal.source || ' ' || deal.opportunity_id || ', '
                || deal.closed_on || '), but the account is a customer 60 days later'
        when not coalesce(term.is_open, false)
            then 'the CRM says won, but the account is no customer on that day'
    end
from (
    select
        *,
        core.end_of(closed_on - 1) as until
    from deal
) as deal
left join
    lateral (
        select
            bool_or(core_term.spans @> deal.closed_on) as is_open,
            bool_or(core_term.spans @> deal.closed_on + 60) as is_open_later
        from core.term as core_term
        where core_term.account_id = deal.account_id
    ) as term
    on true
left join
    lateral (
        select
            case
                when count(*) filter (where worth.amount is null) = 0 then sum(worth.amount)
            end as amount
        from (
            select
                core.major_in_reporting(
                    level.yearly_minor * currency.minor_unit, level.currency, deal.closed_on
                ) as amount
            from level
            left join core.currency on level.currency = currency.code
            where level.account_id = deal.account_id and level.days @> deal.closed_on - 1
            union all
            select core.major_in_reporting(valid.arr, valid.currency, deal.closed_on)
            from core.attributes_on(deal.until) as valid
            where
                valid.account_id = deal.account_id
                and not exists (
                    select 1 from level
                    where level.account_id = deal.account_id
                )
        ) as worth
    ) as stood
    on true
where
    deal.subject is null
    and (
        deal.stage = 'won'
        or (coalesce(term.is_open_later, false) and deal.closed_on + 60 <= :as_of)
    )
