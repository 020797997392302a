-- Grain: one row per attribute that was read from a source, by property. Reads only.
select
    attribute,
    property
from core.attribute_property
where source = :source
