-- Grain: one row a snapshot of these accounts, all revisions. Reads only.
-- form: 2 as it was written, 1 thinned, 0 where some array has another length or a null.
-- base: NaN where it is the score. context: names what it says, 0: there is none (a hash that
-- begins at 1 is 1 for an empty list).
-- band, direction: positions in the lists given, -1 for unknown, -2 for any other word.
-- below_since: days since 1970-01-01, `never` where it is NULL. confirmed: as the band is, but -2
-- where it is NULL and -3 for any other word.
select
    account_id,
    revision,
    digest,
    coverage,
    form,
    fired,
    undecided,
    streak_days,
    coalesce(slope_p, 'NaN') as slope_p,
    coalesce(below_since - date '1970-01-01', :never) as below_since,
    case
        when confirmed_band is null then -2
        when confirmed_band = 'unknown' then -1
        else coalesce(array_position((:bands)::text[], confirmed_band) - 1, -3)
    end as confirmed,
    coalesce(jsonb_hash_extended(context, 1), 0) as context,
    coalesce(base, 'NaN') as base,
    coalesce(score, 'NaN') as score,
    coalesce(raw, 'NaN') as raw,
    coalesce(floor, 'NaN') as floor,
    coalesce(ceiling, 'NaN') as ceiling,
    coalesce(change_7d, 'NaN') as change_7d,
    coalesce(change_30d, 'NaN') as change_30d,
    coalesce(change_90d, 'NaN') as change_90d,
    coalesce(slope_30d, 'NaN') as slope_30d,
    case band
        when 'unknown' then -1 else coalesce(array_position((:bands)::text[], band) - 1, -2)
    end as band,
    case direction
        when 'unknown' then -1
        else coalesce(array_position((:directions)::text[], direction) - 1, -2)
    end as direction,
    case
        when form > 0 then categories
        else array_fill('NaN'::double precision, array[:categories])
    end as categories,
    case
        when form = 2 then points
        else array_fill('NaN'::double precision, array[:measures])
    end as points,
    case
        when form = 2 then readings
        else array_fill('NaN'::double precision, array[:measures])
    end as readings,
    case
        when form = 2 then drivers::double precision[]
        else array_fill(-1::double precision, array[:drivers])
    end as drivers
from (
    select
        *,
        case
            when
                coalesce(array_dims(categories), '') != :categories_shape
                or array_position(categories, null) is not null
                then 0
            when
                array_dims(points) = :shape
                and array_dims(readings) = :shape
                and array_dims(drivers) = :drivers_shape
                and array_position(points, null) is null
                and array_position(readings, null) is null
                and array_position(drivers, null) is null
                then 2
            when
                cardinality(points) = 0
                and cardinality(readings) = 0
                and cardinality(drivers) = 0
                then 1
            else 0
        end as form
    from health.snapshot
    where
        as_of = :as_of
        and scorecard_id = :scorecard_id
        and basis = :basis
        and account_id between :first_account and :last_account
    order by account_id, revision
    offset 0 -- so that form is computed once a row, not wherever it is named
) as snapshot
