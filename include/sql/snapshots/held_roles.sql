-- Grain: one row per role whose live readings are unknown on a day, because too little of its
-- sources belonged to an account. Reads only.
select role
from health.held_role
where as_of = :as_of
