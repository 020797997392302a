-- Grain: one row per plan of an outcome that is open, and per account and playbook (in whichever
-- version) the one that was closed last. Reads only.
select
    play.play_id,
    play.account_id,
    play.play_group,
    play.opened_on,
    play.recovered_since,
    play.closed_on,
    playbook.name as playbook,
    playbook.body
from health.play
inner join health.playbook on play.playbook_id = playbook.playbook_id
where
    play.outcome = :outcome
    and (
        play.state = 'open'
        or play.play_id in (
            select distinct on (closed.account_id, named.name) closed.play_id
            from health.play as closed
            inner join health.playbook as named on closed.playbook_id = named.playbook_id
            where closed.outcome = :outcome and closed.state != 'open'
            order by
                closed.account_id asc, named.name asc, closed.closed_on desc, closed.play_id desc
        )
    )
order by play.play_id
