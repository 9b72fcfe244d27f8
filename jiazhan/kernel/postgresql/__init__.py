"""Django's PostgreSQL backend, with the DDL that keeps the door to scale-out open."""
