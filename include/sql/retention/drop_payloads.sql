-- Grain: one row a record that was set aside before a moment and is kept nowhere else: its content
-- goes, the reason stays. Re-running finds none left.
update raw.quarantine
set payload = null
where created_at < :before and payload is not null
