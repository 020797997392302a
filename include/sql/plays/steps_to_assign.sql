-- Grain: one row per step of a status that is, or would be, a task of an account that the CRM still
-- has; planned ones only of open plans. Reads only.
select
    step.play_id,
    step.place,
    step.title,
    step.body,
    step.owner_id,
    step.due_on,
    play.opened_on,
    account.source_account_id as record_id,
    playbook.name || '.v' || playbook.version as playbook
from health.play_step as step
inner join health.play on step.play_id = play.play_id
inner join health.playbook on play.playbook_id = playbook.playbook_id
inner join core.account on play.account_id = account.account_id
inner join core.live_account on account.account_id = live_account.account_id
where
    step.status = :status
    and account.source = :source
    and (play.state = 'open' or step.status = 'sent')
order by step.play_id, step.place
