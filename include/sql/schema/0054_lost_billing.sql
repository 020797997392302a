-- Whose billing links got lost, until it is known if they are gone. Re-run: refused by Alembic.

-- The accounts to which a customer or subscription belonged that now belongs to nobody, though no
-- person said so: from the loss to the end of the newest day's next check of facts, and on as long
-- as that holds billing. What was believed of these accounts' terms and outcomes stays meanwhile.
create view core.lost_billing as
select distinct past.account_id
from (
    select distinct on (source, object, source_key) *
    from core.account_link_past
    where object in ('customer', 'subscription')
    order by source asc, object asc, source_key asc, valid_to desc
) as past
left join (
    select
        run.as_of,
        run_stage.finished_at
    from health.run_stage
    inner join health.run on run_stage.run_no = run.run_no
    where run_stage.stage = 'check facts' and run.kind = 'daily'
    order by run.as_of desc, run_stage.finished_at desc
    limit 1
) as judged on true
where
    past.account_id is not null
    and not exists (
        select 1
        from core.account_link
        where
            account_link.source = past.source
            and account_link.object = past.object
            and account_link.source_key = past.source_key
    )
    and (
        judged.finished_at is null
        or past.valid_to > judged.finished_at
        or exists (
            select 1
            from health.held_role
            where held_role.role = 'billing' and held_role.as_of = judged.as_of
        )
    );
