-- Grain: one row: the lowest and highest account_id (1 and 0 without any), and about how many rows
-- of series each account has, by the size of the table: some 50 bytes a row. Reads only.
select
    coalesce(min(account_id), 1) as first,
    coalesce(max(account_id), 0) as last,
    (
        select coalesce(sum(pg_relation_size(relid)), 0) / 50
        from pg_partition_tree('health.account_day')
    ) / greatest(coalesce(max(account_id) - min(account_id) + 1, 1), 1) as rows_each
from core.account
