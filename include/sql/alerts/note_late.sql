-- Grain: one late day of an outcome, told to operators. Re-running changes nothing.
insert into health.alert (outcome, as_of, kind, detail, sentence, recipient, sent_at)
values (:outcome, :as_of, 'late', '', :sentence, :recipient, :sent_at)
on conflict (outcome, as_of) where kind = 'late' do nothing
