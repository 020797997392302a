-- Grain: one row per day and scorecard. Re-running keeps the first time of publication; a card that
-- became a live one or a shadow since is what it is now.
insert into health.publication as known (as_of, scorecard_id, run_no, is_shadow)
values (:as_of, :scorecard_id, :run_no, :is_shadow)
on conflict (as_of, scorecard_id) do update set
    is_shadow = excluded.is_shadow
where known.is_shadow != excluded.is_shadow
