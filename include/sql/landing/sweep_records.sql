-- Grain: one row a record of landings that were cut off. Again: none are left.
delete from raw.record
where batch_id = any(:batch_ids)
