-- Grain: one row per role that is held on a day. Reads only.
select
    role,
    as_of,
    reason,
    run_no
from health.held_role
where as_of = :as_of
order by role
