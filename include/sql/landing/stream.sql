-- Grain: one row a source and stream. Again: the same row, with the vendor of now.
insert into raw.stream (source, vendor, stream)
values (:source, :vendor, :stream)
on conflict (source, stream) do update set vendor = excluded.vendor
returning stream_id
