-- Grain: one row per series whose live readings are unknown on a day. Reads only.
select series.name
from health.held_role
inner join health.series on held_role.role = series.role
where held_role.as_of = :as_of
