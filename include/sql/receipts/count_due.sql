-- Grain: one row: how many snapshots of a day would lose their receipts. Reads only.
select count(*) as receipts
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
