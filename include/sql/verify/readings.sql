-- Grain: one row a stored row of readings of these accounts, all revisions. Reads only.
-- carried: names what is said of readings carried forward, 0: nothing is.
-- is_whole: 0 where the readings do not have the scorecard's number of measures, or have a null.
select
    account_id,
    revision,
    digest,
    is_whole::integer as is_whole,
    coalesce(jsonb_hash_extended(carried, 1), 0) as carried,
    case
        when is_whole then readings
        else array_fill('NaN'::double precision, array[:measures])
    end as readings
from (
    select
        *,
        array_dims(readings) = :shape and array_position(readings, null) is null as is_whole
    from health.reading
    where
        as_of = :as_of
        and scorecard_id = :scorecard_id
        and basis = :basis
        and account_id between :first_account and :last_account
    order by account_id, revision
    offset 0 -- so that is_whole is computed once a row, not wherever it is named
) as reading
