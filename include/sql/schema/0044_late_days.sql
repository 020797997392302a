-- Days that are late stand in the same ledger as digests. Re-run: refused by Alembic.

-- kind late: the outcome's day was not published when it was due, and operators were told. It is of
-- no account, and of no run: there may have been none.
alter table health.alert
alter column account_id drop not null,
alter column run_no drop not null,
drop constraint alert_kind_check,
add constraint alert_kind_check check (
    kind in ('band_down', 'band_up', 'drop', 'rise', 'flag', 'plan', 'late')
),
add constraint alert_of_an_account check (
    (kind = 'late') = (account_id is null) and (kind = 'late') = (run_no is null)
);
create unique index alert_late on health.alert (outcome, as_of) where kind = 'late';
