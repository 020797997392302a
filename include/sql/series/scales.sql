-- Grain: one row per account and touched day with answers on a scale. Re-running replaces these
-- rows. An answer counts on its own day.
-- Series: csat_answered crm counts: satisfaction answers on a scale, given that day
-- Series: csat_positive crm counts: those of them at least three quarters up their scale
-- Series: csat_points crm counts: how far up their scales they are, 0 to 100 each
-- Series: ces_answered crm counts: answers that day on how easy it was
-- Series: ces_points crm counts: how far up their scales they are, 0 to 100 each
-- Touched by: survey_response on its days
-- Three quarters up are 4 and 5 of 1 to 5, 3 of 1 to 3, 6 and 7 of 1 to 7. Answers with yes or no
-- are in ratings.sql and not here. An answer off its scale, or on none, is none.
insert into fresh (name, account_id, day, value)
with answer as (
    select
        touched.account_id,
        touched.first_day,
        touched.last_day,
        said.kind,
        (said.occurred_at at time zone :time_zone)::date as day,
        ((said.score - said.scale_low) / (said.scale_high - said.scale_low))::numeric as place
    from touched
    cross join
        lateral (
            select *
            from core.owned_answer
            where owned_answer.account_id = touched.account_id
            order by owned_answer.occurred_at
            offset 0
        ) as said
    where
        said.kind in ('csat', 'ces')
        and said.is_good is null
        and said.scale_high > said.scale_low
        and said.score between said.scale_low and said.scale_high
        and touched.begins <= said.occurred_at
        and touched.ends > said.occurred_at
)

select
    answer.kind || '_' || counted.what as name,
    answer.account_id,
    answer.day,
    sum(counted.number)
from answer
cross join
    lateral (
        values
        ('answered', 1::numeric),
        ('points', round(100 * answer.place, 4)),
        ('positive', case when answer.kind = 'csat' and answer.place >= 0.75 then 1 end)
    ) as counted (what, number)
where counted.number is not null and answer.day between answer.first_day and answer.last_day
group by name, answer.account_id, answer.day
