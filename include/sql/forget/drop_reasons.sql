-- Grain: one row an entered value of a forgotten author that still had a reason. Again: none.
update core.manual_input
set reason = null
where (author ~* :pattern or author ~* :names) and reason is not null
