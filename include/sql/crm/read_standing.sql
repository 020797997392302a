-- Grain: one row an account that has a score on the day or values in the CRM. Reads only.
-- known: what the CRM shows: what it acknowledged, and where people changed a field since, theirs.
-- drifted: those fields. refused: the values that it refused in a run of the last days. written_on:
-- the day of the last write, whatever came of it.
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
    drift.fields as drifted,
    newest.as_of as written_on,
    shown.band,
    shown.score,
    shown.change_30d,
    shown.direction,
    shown.coverage,
    shown.floor,
    shown.ceiling,
    case
        when
            newest.status = 'rejected'
            and newest.as_of > cast(:as_of as date) - cast(:patience_days as integer)
            and newest.as_of < :as_of
            then newest.new_values
    end as refused,
    known.acknowledged || coalesce(drift.theirs, '{}') as known
from core.account
left join shown on account.account_id = shown.account_id
left join known
    on
        account.source = known.source
        and account.source_account_id = known.record_id
left join
    lateral (
        select
            jsonb_object_agg(crm_drift.field, crm_drift.theirs) as theirs,
            array_agg(crm_drift.field order by crm_drift.field) as fields
        from health.crm_drift
        where
            crm_drift.source = known.source
            and crm_drift.record_id = known.record_id
            and crm_drift.resolved_at is null
    ) as drift
    on true
left join
    lateral (
        select
            crm_write.status,
            crm_write.new_values,
            run.as_of
        from health.crm_write
        inner join health.run on crm_write.run_no = run.run_no
        where
            crm_write.source = account.source
            and crm_write.record_id = account.source_account_id
        order by crm_write.write_id desc
        limit 1
    ) as newest
    on true
where
    account.account_id = any(cast(:account_ids as integer[]))
    and (shown.account_id is not null or known.record_id is not null)
order by account.account_id
