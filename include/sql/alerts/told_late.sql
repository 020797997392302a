-- Grain: one row per outcome of whose late day operators were told. Reads only.
select outcome
from health.alert
where kind = 'late' and as_of = :as_of
