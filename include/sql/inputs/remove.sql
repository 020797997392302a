-- Grain: one row per manual input of an entry that is about it no longer. Re-running removes
-- nothing.
delete from core.manual_input
where
    is_entered
    and not exists (
        select 1
        from placed
        where
            placed.source = manual_input.source
            and placed.source_account_id = manual_input.source_account_id
            and placed.measure = manual_input.measure
            and placed.occurred_at = manual_input.occurred_at
    )
