-- Grain: one row per currency that we know. Reads only.
select code from core.currency
