-- Grain: one database beside Airflow's, made when the server's files are made. Not run again.
create database health
