-- Grain: one new override; the checks stand before it. Never run twice for the same wish.
insert into health.override (
    account_id,
    scorecard,
    to_score,
    factor,
    may_raise,
    reason,
    evidence,
    author,
    second_person,
    valid_from,
    valid_to,
    renews
)
values (
    :account_id,
    :scorecard,
    :to_score,
    :factor,
    :may_raise,
    :reason,
    :evidence,
    :author,
    :second_person,
    :valid_from,
    :valid_to,
    :renews
)
returning override_id
