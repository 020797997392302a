-- Attributes that scorecards ask for and health.yaml names. Re-run: refused by Alembic.
alter table core.account_attribute drop constraint account_attribute_attribute_check;
alter table core.account_attribute add constraint account_attribute_attribute_check
check (attribute ~ '^[a-z][a-z0-9_]{0,30}$');
