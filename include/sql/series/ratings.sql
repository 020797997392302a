-- Grain: one row per account and day with answered ticket surveys. Re-running replaces the
-- account's rows. ratings_answered, ratings_good: counts on the day of the answer.
insert into fresh (name, account_id, day, value)
select
    entry.name,
    ticket_account.account_id,
    (survey_response.occurred_at at time zone :time_zone)::date as day,
    sum(entry.value)
from core.survey_response
inner join core.ticket_account
    on
        survey_response.source = ticket_account.source
        and survey_response.ticket_id = ticket_account.ticket_id
cross join
    lateral (
        values
        ('ratings_answered', 1::double precision),
        ('ratings_good', case when survey_response.is_good then 1 else 0 end)
    ) as entry (name, value)
where
    survey_response.kind = 'csat'
    and survey_response.is_good is not null
    and ticket_account.account_id between :first_account and :last_account
group by entry.name, ticket_account.account_id, day
