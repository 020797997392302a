-- Grain: the results of these suites in one run, about to be written anew.
delete from health.check_result
where run_no = :run_no and stage = :stage and suite = any(:suites)
