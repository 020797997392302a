-- Grain: one row per account, attribute and value that it had. Re-running, or running on versions
-- that say nothing new, changes nothing. A vendor's history counts for all days from its oldest
-- entry on; older entries that the vendor has forgotten since stay as they are. Where a record's
-- own value is not the last one we know, it holds from when it was seen; the very first one from
-- the record's creation.
with touched as (
    select distinct
        account_id,
        attribute
    from seen
),

told as (
    select distinct on (account_id, attribute)
        account_id,
        attribute,
        version,
        min(at) over same as oldest,
        max(at) over same as newest
    from seen
    where origin = 'vendor'
    window same as (partition by account_id, attribute, version)
    order by account_id asc, attribute asc, version desc
),

entry as (
    select
        stored.account_id,
        stored.attribute,
        stored.valid_from,
        stored.value,
        stored.origin,
        false as is_seen,
        1 as rank
    from core.account_attribute as stored
    inner join touched
        on stored.account_id = touched.account_id and stored.attribute = touched.attribute
    left join told on stored.account_id = told.account_id and stored.attribute = told.attribute
    where told.version is null or (stored.origin = 'vendor' and stored.valid_from < told.oldest)
    union all
    select
        seen.account_id,
        seen.attribute,
        seen.at,
        seen.value,
        'vendor',
        false,
        0 - row_number() over (
            partition by seen.account_id, seen.attribute, seen.at
            order by seen.version asc, seen.place desc
        )
    from seen
    inner join told on seen.account_id = told.account_id and seen.attribute = told.attribute
    where seen.origin = 'vendor' and (seen.version = told.version or seen.at < told.oldest)
    union all
    select
        seen.account_id,
        seen.attribute,
        case
            when told.version is not null
                then greatest(seen.seen_at, told.newest + interval '1 microsecond')
            when
                not exists (
                    select 1
                    from core.account_attribute as stored
                    where
                        stored.account_id = seen.account_id
                        and stored.attribute = seen.attribute
                )
                and seen.version = min(seen.version) over (
                    partition by seen.account_id, seen.attribute
                )
                then least(seen.created_at, seen.seen_at)
            else seen.seen_at
        end,
        seen.value,
        'observed',
        true,
        2
    from seen
    left join told on seen.account_id = told.account_id and seen.attribute = told.attribute
    where seen.origin = 'observed' and (told.version is null or seen.version >= told.version)
),

single as (
    select distinct on (account_id, attribute, valid_from) *
    from entry
    order by account_id asc, attribute asc, valid_from asc, rank asc
),

followed as (
    select
        *,
        lag(value) over (partition by account_id, attribute order by valid_from) as value_before,
        lag(rank) over (partition by account_id, attribute order by valid_from) as rank_before
    from single
),

wanted as materialized (
    select
        account_id,
        attribute,
        valid_from,
        value,
        origin,
        lead(valid_from) over (
            partition by account_id, attribute order by valid_from
        ) as valid_to
    from followed
    where not (
        is_seen and rank_before is not null and value_before is not distinct from value
    )
),

removed as (
    delete from core.account_attribute as stored
    using touched
    where
        stored.account_id = touched.account_id
        and stored.attribute = touched.attribute
        and not exists (
            select 1
            from wanted
            where
                wanted.account_id = stored.account_id
                and wanted.attribute = stored.attribute
                and wanted.valid_from = stored.valid_from
        )
)

insert into core.account_attribute as stored (
    account_id, attribute, valid_from, valid_to, value, origin
)
select
    account_id,
    attribute,
    valid_from,
    valid_to,
    value,
    origin
from wanted
on conflict (account_id, attribute, valid_from) do update set
    valid_to = excluded.valid_to,
    value = excluded.value,
    origin = excluded.origin
where
(stored.valid_to, stored.value, stored.origin)
is distinct from (excluded.valid_to, excluded.value, excluded.origin)
