-- Grain: one new override, from fields of the CRM; the checks stand before it. Never run twice for
-- the same words.
select
    health.enter_heard(
        :account_id, :to_score, :reason, :evidence, :author, :valid_from, :valid_to
    )
