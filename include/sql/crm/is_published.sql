-- Grain: one row: whether people may see a day of an outcome's cards. Reads only.
select health.may_be_seen(:as_of, cast(:scorecard_ids as smallint[])) as is_published
