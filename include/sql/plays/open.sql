-- Grain: one row per plan to open. Returns the number of each. Re-run: refused while one is open.
insert into health.play (
    account_id, playbook_id, outcome, play_group, opened_on, run_no, why, score, band
)
select
    one.account_id,
    one.playbook_id,
    :outcome,
    one.play_group,
    :as_of,
    :run_no,
    one.why,
    one.score,
    one.band
from
    jsonb_to_recordset(cast(:plans as jsonb)) as one (
        account_id integer,
        playbook_id smallint,
        play_group text,
        why text,
        score double precision,
        band text
    )
returning play_id, account_id, play_group
