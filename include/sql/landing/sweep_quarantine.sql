-- Grain: one row a rejected record of landings that were cut off. Again: none are left.
delete from raw.quarantine
where batch_id = any(:batch_ids)
