-- Grain: one thing to tell. Re-running changes nothing.
insert into health.alert (
    account_id, outcome, as_of, kind, detail, sentence, recipient, run_no
)
values (
    :account_id, :outcome, :as_of, :kind, :detail, :sentence, :recipient, :run_no
)
on conflict (account_id, outcome, as_of, kind, detail) do nothing
