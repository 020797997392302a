-- Grain: one row per step of an open plan that is a task in the CRM. Reads only.
select
    step.play_id,
    step.place,
    step.task_id
from health.play_step as step
inner join health.play on step.play_id = play.play_id
inner join core.account on play.account_id = account.account_id
where
    step.status in ('open', 'done')
    and step.task_id is not null
    and play.state = 'open'
    and account.source = :source
order by step.play_id, step.place
