-- Currencies, dated exchange rates, and amounts in the reporting currency. Re-run: refused by Alembic.
select 1;
