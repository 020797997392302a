-- Grain: one row per account and touched day with answered ticket surveys. Re-running replaces
-- these rows. An answer counts on its own day, for the account of its ticket.
-- Series: ratings_answered support counts: satisfaction ratings answered that day
-- Series: ratings_good support counts: good satisfaction ratings answered that day
-- Touched by: survey_response on its days
insert into fresh (name, account_id, day, value)
select
    entry.name,
    rated.account_id,
    answered.day,
    sum(entry.value)
from (
    select
        touched.*,
        ticket.source,
        ticket.ticket_id
    from touched
    inner join core.account_link
        on touched.account_id = account_link.account_id and account_link.object = 'organization'
    inner join core.ticket
        on account_link.source = ticket.source and account_link.source_key = ticket.organization_id
    union all
    select
        touched.*,
        ticket.source,
        ticket.ticket_id
    from touched
    inner join core.account_link
        on touched.account_id = account_link.account_id and account_link.object = 'requester'
    inner join core.ticket
        on
            account_link.source = ticket.source
            and account_link.source_key = ticket.requester_id
            and ticket.organization_id is null
) as rated
inner join core.survey_response
    on
        rated.source = survey_response.source
        and rated.ticket_id = survey_response.ticket_id
        and rated.begins <= survey_response.occurred_at
        and rated.ends > survey_response.occurred_at
cross join
    lateral (
        select (survey_response.occurred_at at time zone :time_zone)::date as day
    ) as answered
cross join
    lateral (
        values
        ('ratings_answered', 1::double precision),
        ('ratings_good', case when survey_response.is_good then 1 else 0 end)
    ) as entry (name, value)
where
    survey_response.kind = 'csat'
    and survey_response.is_good is not null
    and answered.day between rated.first_day and rated.last_day
group by entry.name, rated.account_id, answered.day
