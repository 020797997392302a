-- Grain: one row per attribute of a source. Re-running changes nothing.
with removed as (
    delete from core.attribute_property
    where
        source = :source
        and not cast(:properties as jsonb) ? attribute
)

insert into core.attribute_property (source, attribute, property)
select
    :source,
    named.attribute,
    named.property
from jsonb_each_text(cast(:properties as jsonb)) as named (attribute, property)
on conflict (source, attribute) do update set property = excluded.property
