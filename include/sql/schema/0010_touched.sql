-- Which account-days a change of facts touched. Re-run: refused by Alembic.
select 1;
