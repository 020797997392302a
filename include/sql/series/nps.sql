-- Grain: one row per account and touched day on which what people last said changed. Re-running
-- replaces these rows.
-- Series: nps_answered_90d crm changes: change of people with an NPS answer of the last 90 days
-- Series: nps_balance_90d crm changes: change of promoters less detractors of 90 days
-- Series: nps_answered_180d crm changes: change of people with an NPS answer of the last 180 days
-- Series: nps_balance_180d crm changes: change of promoters less detractors of 180 days
-- Series: nps_answered_365d crm changes: change of people with an NPS answer of the last 365 days
-- Series: nps_balance_365d crm changes: change of promoters less detractors of 365 days
-- Series: nps_detractors_365d crm changes: change of detractors by last answers of 365 days
-- Touched by: survey_response up to 365 days on
-- Of each person the latest answer counts, from its day until the person answers again or the
-- window has passed. Promoters said 9 or 10, detractors 0 to 6. Answers on another scale than 0 to
-- 10 are none. People are told apart by address, else by what their system calls them; an answer of
-- nobody known is a person of its own.
insert into fresh (name, account_id, day, value)
with answer as (
    select
        touched.account_id,
        touched.first_day,
        touched.last_day,
        dated.day,
        said.score,
        lead(dated.day) over (
            partition by
                touched.account_id,
                touched.first_day,
                coalesce(
                    core.plain_address(said.email),
                    said.source || ' ' || said.requester_id,
                    said.source || ' ' || said.response_id || ' of nobody'
                )
            order by said.occurred_at, said.source, said.response_id
        ) as next_day
    from touched
    cross join
        lateral (
            select *
            from core.owned_answer
            where owned_answer.account_id = touched.account_id and owned_answer.kind = 'nps'
            order by owned_answer.occurred_at
            offset 0
        ) as said
    cross join lateral (select (said.occurred_at at time zone :time_zone)::date as day) as dated
    where
        said.score between 0 and 10
        and coalesce(said.scale_low, 0) = 0
        and coalesce(said.scale_high, 10) = 10
),

valid as (
    select
        answer.*,
        horizon.days,
        least(answer.next_day, answer.day + horizon.days) as until,
        case when answer.score >= 9 then 1 when answer.score <= 6 then -1 else 0 end as side
    from answer
    cross join (values (90), (180), (365)) as horizon (days)
)

select
    format('nps_%s_%sd', counted.what, valid.days) as name,
    valid.account_id,
    turn.day,
    sum(counted.number * turn.sign)
from valid
cross join
    lateral (
        values
        ('answered', 1),
        ('balance', valid.side),
        ('detractors', case when valid.side = -1 and valid.days = 365 then 1 else 0 end)
    ) as counted (what, number)
cross join lateral (values (valid.day, 1), (valid.until, -1)) as turn (day, sign)
where counted.number != 0 and turn.day between valid.first_day and valid.last_day
group by name, valid.account_id, turn.day
having sum(counted.number * turn.sign) != 0
