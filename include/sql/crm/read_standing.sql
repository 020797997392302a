-- Grain: one row an account that has a score on the day or values in the CRM. Reads only.
with shown as (
    select
        account_id,
        band,
        score,
        change_30d,
        direction,
        coverage,
        floor,
        ceiling
    from health.shown_on(:as_of, cast(:scorecard_ids as smallint[]))
    where account_id = any(cast(:account_ids as integer[]))
),

known as (
    select
        source,
        record_id,
        acknowledged
    from health.crm_record
    where account_id = any(cast(:account_ids as integer[]))
)

select
    account.account_id,
    account.source_account_id as record_id,
    known.acknowledged,
    shown.band,
    shown.score,
    shown.change_30d,
    shown.direction,
    shown.coverage,
    shown.floor,
    shown.ceiling
from core.account
left join shown on account.account_id = shown.account_id
left join known
    on
        account.source = known.source
        and account.source_account_id = known.record_id
where
    account.account_id = any(cast(:account_ids as integer[]))
    and (shown.account_id is not null or known.record_id is not null)
order by account.account_id
