-- Grain: one row an id that the vendor has, as often as it came. Ends with the transaction.
-- Again, in one transaction: refused.
create temporary table walked (record_id text not null) on commit drop
