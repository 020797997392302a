-- Grain: one row an entry of a forgotten author that still had a comment. Again: none.
update core.manual_entry
set comment = null
where (author ~* :pattern or author ~* :names) and comment is not null
