-- Grain: one row per plan of an account, of any outcome and state, newest first. Reads only.
select
    play.play_id,
    play.outcome,
    play.why,
    play.opened_on,
    play.score as score_then,
    play.band as band_then,
    play.state,
    play.recovered_since,
    play.closed_on,
    playbook.name || '.v' || playbook.version as playbook
from health.play
inner join health.playbook on play.playbook_id = playbook.playbook_id
where play.account_id = :account_id
order by play.opened_on desc, play.play_id desc
