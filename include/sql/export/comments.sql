-- Grain: one row a column of a view of health_bi, with what its comment says. Reads only.
select
    attribute.attname as name,
    col_description(class.oid, attribute.attnum) as about
from pg_catalog.pg_class as class
inner join pg_catalog.pg_attribute as attribute
    on class.oid = attribute.attrelid and attribute.attnum > 0
where class.relnamespace = 'health_bi'::regnamespace and class.relname = :view
