-- Grain: one row a digest that was not in the list. Again: none.
insert into raw.forgotten_address (digest)
select unnest(cast(:digests as bytea[]))
on conflict do nothing
