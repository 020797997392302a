-- Which published days are a shadow's: scored beside, compared with nobody. Re-run: refused by
-- Alembic.
alter table health.publication add column is_shadow boolean not null default false;
