-- Which source object belonged to which account, by which rule, from when to when. Re-run: refused by Alembic.
select 1;
