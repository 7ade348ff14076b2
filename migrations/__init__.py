"""Alembic migrations, numbered. `voter-reg db upgrade` runs them; nothing else creates a table."""
