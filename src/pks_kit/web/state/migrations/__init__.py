"""Changes of the portal's schema over time, run by Alembic from inside the package."""
