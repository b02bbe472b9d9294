"""The trace of the request that asked for a run; under which catalogue answers were made."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ANSWERS = ("plan", "run")


def upgrade() -> None:
    """Apply it; runs before it belong to no trace, and answers are of no catalogue."""
    op.add_column("run", sa.Column("trace_id", sa.String(32), nullable=False, server_default=""))
    for table in ANSWERS:
        number = sa.Column("catalogue", sa.Integer(), nullable=False, server_default="0")
        op.add_column(table, number)


def downgrade() -> None:
    """Undo it."""
    for table in ANSWERS:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("catalogue")
    with op.batch_alter_table("run") as batch:
        batch.drop_column("trace_id")
