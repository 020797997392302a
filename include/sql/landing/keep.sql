-- Grain: one row a landing that ended early: invisible as before, but the next one goes on from it.
-- Again: the same.
update raw.batch
set
    received = :received,
    duplicates = :duplicates,
    unchanged = :unchanged,
    changed = :changed,
    rejected = :rejected,
    resume = cast(:resume as jsonb)
where batch_id = :batch_id and landed_at is null
