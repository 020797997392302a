-- Grain: one row per source of health.yaml. Reads only. days_quiet: since the last run in which
-- the source brought anything new, NULL where it never did, and where people drop files when they
-- like.
select
    wanted.source as record_id,
    coalesce(bool_or(volume.run_id = :run_id), false) as has_landed,
    case
        when wanted.role != 'inputs'
            then cast(:as_of as date) - max(volume.as_of) filter (where volume.changed > 0)
    end as days_quiet
from unnest(cast(:sources as text[]), cast(:roles as text[])) as wanted (source, role)
left join raw.volume on wanted.source = volume.source
group by wanted.source, wanted.role
