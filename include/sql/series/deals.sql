-- Grain: one row per account and touched day on which a deal was made or closed. Re-running
-- replaces these rows.
-- Series: deals_open crm changes: change of open deals
-- Series: deals_won crm counts: deals won that day, of any kind
-- Series: deals_lost crm counts: deals lost that day, of any kind
-- Series: expansions_won crm counts: deals won that day that are expansions
-- Series: expansions_lost crm counts: deals lost that day that are expansions
-- Touched by: opportunity on its days
-- A closed deal of which nobody says when it was closed counts nowhere. The close date of an open
-- deal is somebody's hope and counts nowhere either.
insert into fresh (name, account_id, day, value)
with deal as (
    select
        touched.account_id,
        touched.first_day,
        touched.last_day,
        opportunity.stage,
        lower(opportunity.kind) = 'expansion' as is_expansion,
        (opportunity.created_at at time zone :time_zone)::date as created_day,
        case
            when opportunity.stage != 'open'
                then (opportunity.closed_at at time zone :time_zone)::date
        end as closed_day
    from touched
    inner join core.account_record on touched.account_id = account_record.account_id
    inner join
        core.opportunity
        on
            account_record.source = opportunity.source
            and account_record.source_account_id = opportunity.source_account_id
    where opportunity.stage = 'open' or opportunity.closed_at is not null
)

select
    entry.name,
    deal.account_id,
    entry.day,
    sum(entry.number)
from deal
cross join
    lateral (
        select coalesce(deal.closed_day > deal.created_day, deal.created_day is not null) as is_open
    ) as was
cross join
    lateral (
        values
        ('deals_open', deal.created_day, was.is_open, 1),
        ('deals_open', deal.closed_day, was.is_open, -1),
        ('deals_won', deal.closed_day, deal.stage = 'won', 1),
        ('deals_lost', deal.closed_day, deal.stage = 'lost', 1),
        ('expansions_won', deal.closed_day, deal.stage = 'won' and deal.is_expansion, 1),
        ('expansions_lost', deal.closed_day, deal.stage = 'lost' and deal.is_expansion, 1)
    ) as entry (name, day, applies, number)
where entry.applies and entry.day between deal.first_day and deal.last_day
group by entry.name, deal.account_id, entry.day
having sum(entry.number) != 0
