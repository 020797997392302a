-- Grain: one row: how many records there are here and there. Reads only.
select
    (select count(*) from living) as here,
    (select count(distinct record_id) from walked) as there
