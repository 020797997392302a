-- Grain: one row per role and day on which its matched share lies too far below what is usual.
-- Re-running, after release_roles, writes the same rows. A day before one that is published is left
-- as it is, and so is one of a backfill: its readings are not live.
insert into health.held_role (role, as_of, reason, run_no)
select
    role,
    :as_of,
    string_agg(
        source || ': ' || round((100 * share)::numeric, 1)::text || ' % of its ' || measure
        || ' belong to an account, ' || round((100 * usual)::numeric, 1)::text
        || ' % is usual (' || days::text || ' days before)',
        '; '
        order by source asc, measure asc
    ),
    :run_no
from health.matched_fall(:run_no, :trailing_days)
where
    fall > case measure when 'objects' then :max_fall_objects else :max_fall_weight end
    and not exists (
        select 1
        from health.publication
        where publication.as_of > :as_of
    )
    and not exists (
        select 1
        from health.run
        where run.run_no = :run_no and run.kind = 'backfill'
    )
group by role
