-- Grain: one row per check of a run, worst first. Reads only.
select
    stage,
    suite,
    expectation,
    subject,
    on_failure,
    is_success,
    checked,
    failed,
    observed,
    examples
from health.check_result
where run_no = :run_no
order by is_success asc, on_failure desc, stage asc, suite asc, expectation asc, subject asc
