"""How the parts are started on one machine: the store, Airflow, the sandbox. For people and CI."""
