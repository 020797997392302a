-- Grain: one row an account, published day of an outcome, and measure, in that order. The last four
-- columns are those that causes of the unknown are told from (include/export/measure_rows.py).
-- context: NULL where nothing about it is unknown. Reads only.
select -- noqa: ST06
    shown.account_id,
    account.source as crm,
    account.source_account_id as crm_id,
    account.name,
    shown.day,
    shown.outcome,
    scorecard.name || '.v' || scorecard.version as scorecard,
    measure.category,
    measure.name as measure,
    measure.label,
    measure.unit,
    shown.reading,
    cast(shown.points as numeric(12, 9)) as points,
    shown.state,
    shown.is_known,
    shown.carried_days,
    measure.share,
    shown.scorecard_id,
    shown.place,
    shown.basis,
    case when shown.state in ('unknown', 'neutral') then cast(shown.context as text) end as context
from health.measure_shown as shown
inner join core.account on shown.account_id = account.account_id
inner join health.scorecard on shown.scorecard_id = scorecard.scorecard_id
inner join health.card_measure as measure
    on shown.scorecard_id = measure.scorecard_id and shown.place = measure.place
where shown.outcome = :outcome and shown.day between :first and :last
order by shown.day, shown.account_id, shown.measure_id
