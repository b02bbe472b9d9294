"""What the service remembers, in SQLite or PostgreSQL: tables, transactions, migrations.

Nothing here decides anything; `allocator.service` does. The tables are one module per subject.
"""
