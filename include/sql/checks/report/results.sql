-- Grain: one row per check of a run, in the order in which it was written, with how the same check
-- ended in the last runs, oldest first and this one last. Reads only.
with recent as (
    select distinct run_no
    from health.check_result
    where run_no <= :run_no
    order by run_no desc
    limit :runs
),

history as (
    select
        check_result.stage,
        check_result.suite,
        check_result.expectation,
        check_result.subject,
        array_agg(check_result.is_success order by check_result.run_no) as past
    from health.check_result
    inner join recent on check_result.run_no = recent.run_no
    group by
        check_result.stage, check_result.suite, check_result.expectation, check_result.subject
)

select
    check_result.stage,
    check_result.suite,
    check_result.expectation,
    check_result.subject,
    check_result.on_failure,
    check_result.is_success,
    check_result.checked,
    check_result.failed,
    check_result.observed,
    check_result.examples,
    history.past
from health.check_result
inner join history
    on
        check_result.stage = history.stage
        and check_result.suite = history.suite
        and check_result.expectation = history.expectation
        and check_result.subject = history.subject
where check_result.run_no = :run_no
order by
    array_position(array['raw', 'facts', 'scores'], check_result.stage),
    check_result.suite,
    check_result.is_success,
    check_result.subject
