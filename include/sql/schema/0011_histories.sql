-- Which readings are as known then, and where each of them came from. Re-run: refused by Alembic.
select 1;
