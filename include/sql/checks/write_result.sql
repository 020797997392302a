-- Grain: one row per check of a run. Written after forget_results, in the same transaction.
insert into health.check_result (
    run_no, stage, suite, expectation, subject, on_failure, is_success, checked, failed, observed,
    examples
)
values (
    :run_no, :stage, :suite, :expectation, :subject, :on_failure, :is_success, :checked, :failed,
    :observed, :examples
)
