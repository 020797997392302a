-- Grain: one row per batch. Re-running keeps the first time.
update raw.batch
set conformed_at = now()
where batch_id = any(cast(:batches as bigint[])) and conformed_at is null
