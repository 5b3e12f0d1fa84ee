"""The ledger: what was done to an agreement, written down before and after every paid call.

``open_ledger`` (in :mod:`pks_kit.ledger.store`) opens it; :mod:`~pks_kit.ledger.agreements` and
:mod:`~pks_kit.ledger.purchases` read agreements and purchases out of its events. SQLAlchemy is
imported with ``store`` only.
"""
