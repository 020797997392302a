-- Grain: one row per day and scorecard. Re-running keeps the first time of publication.
insert into health.publication (as_of, scorecard_id, run_no)
values (:as_of, :scorecard_id, :run_no)
on conflict (as_of, scorecard_id) do nothing
