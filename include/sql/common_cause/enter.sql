-- Grain: one row per day, scorecard and measure. Re-running replaces it; a hold and a release stay.
insert into health.measure_move (
    as_of, scorecard_id, measure, run_no, accounts, up, down, shift, usual_share, usual_shift,
    verdict
)
values (
    :as_of, :scorecard_id, :measure, :run_no, :accounts, :up, :down, :shift, :usual_share,
    :usual_shift, :verdict
)
on conflict (as_of, scorecard_id, measure) do update set
    run_no = excluded.run_no,
    accounts = excluded.accounts,
    up = excluded.up,
    down = excluded.down,
    shift = excluded.shift,
    usual_share = excluded.usual_share,
    usual_shift = excluded.usual_shift,
    verdict = excluded.verdict
where measure_move.verdict != 'held'
