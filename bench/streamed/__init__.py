"""Four vendors over a world that nobody holds: every page is arithmetic on numbers and the day."""
