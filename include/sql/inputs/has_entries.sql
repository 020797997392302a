-- Grain: one row: whether anybody ever entered anything. Reads only.
select exists(select 1 from core.manual_entry) as has_entries
