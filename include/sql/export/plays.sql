-- Grain: one row a plan that a playbook opened for an account of an outcome. Reads only.
select
    play_id,
    account_id,
    crm,
    crm_id,
    name,
    outcome,
    playbook,
    play_group,
    opened_on,
    why,
    score::numeric(12, 9) as score,
    band,
    state,
    recovered_since,
    closed_on,
    steps,
    steps_done,
    steps_overdue,
    next_step,
    next_owner,
    next_due_on
from health_bi.plays
where outcome = :outcome
order by play_id
