"""The trace of the request that asked for a run."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply it; runs before it belong to no trace."""
    trace_id = sa.Column("trace_id", sa.String(32), nullable=False, server_default="")
    op.add_column("run", trace_id)


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("run") as batch:
        batch.drop_column("trace_id")
