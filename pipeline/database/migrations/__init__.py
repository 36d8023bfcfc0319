"""From each version of the store's tables to the next, by Alembic (see `pipeline.database.upgrade`)."""
