-- Grain: one row, or none: one account's newest snapshot on the last scored day up to a day.
-- arr: in the reporting currency at that day's rates, NULL where it cannot be converted;
-- entered_arr, entered_currency: as the CRM has it. readings: where the receipt was thinned, those
-- that stay for ever; origins: a letter a measure, NULL where all of the row came the same way.
select
    account.account_id,
    account.source_account_id as crm_id,
    account.name,
    account.segment,
    account.arr as entered_arr,
    account.currency as entered_currency,
    account.renewal_date,
    snapshot.as_of,
    snapshot.basis,
    snapshot.revision,
    snapshot.run_no,
    snapshot.score,
    snapshot.change_7d,
    snapshot.change_30d,
    snapshot.change_90d,
    snapshot.direction,
    known.origins,
    case
        when cardinality(snapshot.readings) = 0 then known.readings else snapshot.readings
    end as readings,
    core.major_in_reporting(account.arr, account.currency, snapshot.as_of) as arr
from health.snapshot
inner join core.account on snapshot.account_id = account.account_id
left join lateral (
    select
        reading.readings,
        reading.origins
    from health.reading
    where
        reading.as_of = snapshot.as_of
        and reading.scorecard_id = snapshot.scorecard_id
        and reading.basis = snapshot.basis
        and reading.account_id = snapshot.account_id
    order by reading.revision desc
    limit 1
) as known on true
where
    snapshot.scorecard_id = :scorecard_id
    and snapshot.account_id = :account_id
    and snapshot.as_of <= :as_of
order by snapshot.as_of desc, snapshot.basis asc, snapshot.revision desc
limit 1
