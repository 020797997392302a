-- Grain: one override, ended now; no row where it was ended before. Re-running changes nothing.
update health.override set
    ended_at = now(),
    ended_by = :ended_by
where override_id = :override_id and ended_at is null
returning override_id
