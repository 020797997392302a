-- Grain: one row: how many snapshots of a day lose their receipts; with dry_run, would lose them.
-- The score and its digest stay. Kept are those that were sent to the CRM and the last one of a
-- term. Re-running finds none left.
with due as materialized (
    select
        snapshot.scorecard_id,
        snapshot.basis,
        snapshot.account_id,
        snapshot.revision
    from health.snapshot
    where
        snapshot.as_of = :as_of
        and cardinality(snapshot.readings) > 0
        and not exists (
            select 1
            from health.crm_write
            inner join health.run on crm_write.run_no = run.run_no
            where run.as_of = snapshot.as_of and crm_write.account_id = snapshot.account_id
        )
        and not exists (
            select 1
            from health.frozen_snapshot
            where
                frozen_snapshot.account_id = snapshot.account_id
                and frozen_snapshot.scorecard_id = snapshot.scorecard_id
                and frozen_snapshot.as_of = snapshot.as_of
        )
),

thinned as (
    update health.snapshot
    set points = '{}', readings = '{}', drivers = '{}'
    from due
    where
        not cast(:dry_run as boolean)
        and snapshot.as_of = :as_of
        and snapshot.scorecard_id = due.scorecard_id
        and snapshot.basis = due.basis
        and snapshot.account_id = due.account_id
        and snapshot.revision = due.revision
)

select count(*) as receipts
from due
