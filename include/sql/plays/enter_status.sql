-- Grain: one step: how its task stands. sent_at: of the last time it was asked for. Re-running sets
-- the times anew.
update health.play_step set
    status = :status,
    task_id = :task_id,
    answer = :answer,
    sent_at = case when :status = 'sent' then now() else sent_at end,
    status_read_at = case when :status in ('open', 'done', 'deleted') then now() end
where play_id = :play_id and place = :place
