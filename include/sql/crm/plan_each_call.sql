-- Grain: one transaction. Its statements are planned for their own lists of ids: a plan kept for
-- any list expects ten of them, and for five thousand takes about twenty times as long.
set local plan_cache_mode = force_custom_plan
