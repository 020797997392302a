-- Grain: one row per role and day on which its matched share lies too far below what is usual.
-- Of live days alone. Re-running, after release_roles, writes the same rows.
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
group by role
