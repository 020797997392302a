-- Grain: one row per host name that became or ceased to be one of many owners. Re-running changes
-- nothing. A name is shared by itself or with all that is registered as one with it.
update core.domain
set is_shared = not domain.is_shared
where
    domain.is_shared != (
        domain.entered = any(cast(:shared as text[]))
        or coalesce(domain.registrable = any(cast(:shared as text[])), false)
    )
