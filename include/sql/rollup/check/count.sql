-- Grain: one row per series: how many of its account-days were computed. Reads only.
select
    name,
    count(*) as rows
from computed
where way = 'whole'
group by name
