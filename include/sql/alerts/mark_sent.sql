-- Grain: the things that one digest told. Re-running changes nothing.
update health.alert set sent_at = :sent_at
where alert_id = any(cast(:alert_ids as bigint[])) and sent_at is null
