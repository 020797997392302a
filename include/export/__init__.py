"""Published scores as files: Parquet and CSV for other programs, a workbook for people."""
