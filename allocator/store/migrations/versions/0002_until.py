"""When the time of a plan that is being carried out is over."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

from allocator.store import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DAY = timedelta(hours=24)


def upgrade() -> None:
    """Apply it; plans that are being carried out have another day."""
    when = types.UtcTime(timezone=True)
    op.add_column("facility_execution", sa.Column("until", when, nullable=True))
    table = sa.table("facility_execution", sa.column("until", when))
    op.execute(table.update().values(until=datetime.now(UTC) + DAY))
    with op.batch_alter_table("facility_execution") as batch:
        batch.alter_column("until", nullable=False)


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("facility_execution") as batch:
        batch.drop_column("until")
