"""Every table of the service."""

import sqlalchemy as sa
from alembic import op

from allocator.store import types
from allocator.store.append_only import forbid_changes

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply it."""
    op.create_table(
        "account",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("facilities", sa.JSON(), nullable=False),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("made_at", types.UtcTime(timezone=True), nullable=False),
        sa.Column("password_at", types.UtcTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
    )
    op.create_table(
        "api_key",
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("facilities", sa.JSON(), nullable=False),
        sa.Column("made_at", types.UtcTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("ends_at", types.UtcTime(timezone=True), nullable=True),
        sa.Column("revoked_at", types.UtcTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_api_key")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", types.UtcTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("object_kind", sa.String(), nullable=False),
        sa.Column("object_id", sa.String(), nullable=False),
        sa.Column("facilities", sa.JSON(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("entry_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_actor"), ["actor"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_subject"), ["subject"], unique=False)

    op.create_table(
        "idempotent_answer",
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request_hash", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", types.Packed(), nullable=True),
        sa.Column("at", types.UtcTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_idempotent_answer")),
    )
    with op.batch_alter_table("idempotent_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotent_answer_at"), ["at"], unique=False)

    op.create_table(
        "rate_bucket",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tokens", sa.Double(), nullable=False),
        sa.Column("at", types.UtcTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_rate_bucket")),
    )
    with op.batch_alter_table("rate_bucket", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rate_bucket_at"), ["at"], unique=False)

    op.create_table(
        "scenario",
        sa.Column("scenario_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.Column("made_at", types.UtcTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("scenario_id", name=op.f("pk_scenario")),
    )
    with op.batch_alter_table("scenario", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scenario_made_at"), ["made_at"], unique=False)

    op.create_table(
        "worker",
        sa.Column("worker_id", sa.String(length=32), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started_at", types.UtcTime(timezone=True), nullable=False),
        sa.Column("seen_at", types.UtcTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_worker")),
    )
    op.create_table(
        "login_session",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("csrf_token", sa.String(), nullable=False),
        sa.Column("made_at", types.UtcTime(timezone=True), nullable=False),
        sa.Column("seen_at", types.UtcTime(timezone=True), nullable=False),
        sa.Column("ends_at", types.UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_login_session_account_id_account")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_login_session")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_login_session_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "run",
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("scenario_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("request", types.Packed(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("lease_until", types.UtcTime(timezone=True), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("incumbent", types.Packed(), nullable=True),
        sa.Column("result", types.Packed(), nullable=True),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.Column("plan_id", sa.String(length=32), nullable=True),
        sa.Column("made_at", types.UtcTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("started_at", types.UtcTime(timezone=True), nullable=True),
        sa.Column("ended_at", types.UtcTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenario.scenario_id"], name=op.f("fk_run_scenario_id_scenario")
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run")),
    )
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_run_scenario_id"), ["scenario_id"], unique=False)
        batch_op.create_index("ix_run_state_made_at", ["state", "made_at"], unique=False)

    op.create_table(
        "scenario_facility",
        sa.Column("scenario_id", sa.String(length=32), nullable=False),
        sa.Column("facility_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scenario_id"],
            ["scenario.scenario_id"],
            name=op.f("fk_scenario_facility_scenario_id_scenario"),
        ),
        sa.PrimaryKeyConstraint("scenario_id", "facility_id", name=op.f("pk_scenario_facility")),
    )
    with op.batch_alter_table("scenario_facility", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_scenario_facility_facility_id"), ["facility_id"], unique=False
        )

    op.create_table(
        "scenario_version",
        sa.Column("scenario_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("document", types.Packed(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("made_at", types.UtcTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("pseudonymised_at", types.UtcTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["scenario_id"],
            ["scenario.scenario_id"],
            name=op.f("fk_scenario_version_scenario_id_scenario"),
        ),
        sa.PrimaryKeyConstraint("scenario_id", "number", name=op.f("pk_scenario_version")),
    )
    with op.batch_alter_table("scenario_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_scenario_version_content_hash"), ["content_hash"], unique=False
        )

    op.create_table(
        "plan",
        sa.Column("plan_id", sa.String(length=32), nullable=False),
        sa.Column("run_id", sa.String(length=32), nullable=True),
        sa.Column("scenario_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("document", types.Packed(), nullable=True),
        sa.Column("summary", types.Packed(), nullable=True),
        sa.Column("reports", types.Packed(), nullable=True),
        sa.Column("sequence", types.Packed(), nullable=True),
        sa.Column("made_at", types.UtcTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("pseudonymised_at", types.UtcTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name=op.f("fk_plan_run_id_run")),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenario.scenario_id"], name=op.f("fk_plan_scenario_id_scenario")
        ),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_plan")),
        sa.UniqueConstraint("run_id", name=op.f("uq_plan_run_id")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_made_at"), ["made_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_scenario_id"), ["scenario_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_state"), ["state"], unique=False)

    op.create_table(
        "run_event",
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", types.UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name=op.f("fk_run_event_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_run_event")),
    )
    op.create_table(
        "consultation",
        sa.Column("plan_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("consulted", sa.Boolean(), nullable=False),
        sa.Column("views", sa.String(), nullable=False),
        sa.Column("preferred_cellmate", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", types.UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.plan_id"], name=op.f("fk_consultation_plan_id_plan")
        ),
        sa.PrimaryKeyConstraint("plan_id", "person_id", name=op.f("pk_consultation")),
    )
    op.create_table(
        "execution_step",
        sa.Column("plan_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("target", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("at", types.UtcTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.plan_id"], name=op.f("fk_execution_step_plan_id_plan")
        ),
        sa.PrimaryKeyConstraint("plan_id", "number", name=op.f("pk_execution_step")),
    )
    op.create_table(
        "facility_execution",
        sa.Column("facility_id", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(length=32), nullable=False),
        sa.Column("until", types.UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.plan_id"], name=op.f("fk_facility_execution_plan_id_plan")
        ),
        sa.PrimaryKeyConstraint("facility_id", name=op.f("pk_facility_execution")),
    )
    with op.batch_alter_table("facility_execution", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_facility_execution_plan_id"), ["plan_id"], unique=False
        )

    op.create_table(
        "plan_change",
        sa.Column("plan_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", types.UtcTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.plan_id"], name=op.f("fk_plan_change_plan_id_plan")
        ),
        sa.PrimaryKeyConstraint("plan_id", "number", name=op.f("pk_plan_change")),
    )
    op.create_table(
        "plan_item",
        sa.Column("plan_id", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("signatures_needed", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.plan_id"], name=op.f("fk_plan_item_plan_id_plan")
        ),
        sa.PrimaryKeyConstraint("plan_id", "item_id", name=op.f("pk_plan_item")),
    )
    op.create_table(
        "signature",
        sa.Column("signature_id", sa.String(length=32), nullable=False),
        sa.Column("plan_id", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", types.UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id", "item_id"],
            ["plan_item.plan_id", "plan_item.item_id"],
            name=op.f("fk_signature_plan_id_plan_item"),
        ),
        sa.PrimaryKeyConstraint("signature_id", name=op.f("pk_signature")),
        sa.UniqueConstraint("plan_id", "item_id", "by", name=op.f("uq_signature_plan_id")),
    )
    forbid_changes("audit_entry")


def downgrade() -> None:
    """Take it back."""
    op.drop_table("signature")
    op.drop_table("plan_item")
    op.drop_table("plan_change")
    with op.batch_alter_table("facility_execution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_facility_execution_plan_id"))

    op.drop_table("facility_execution")
    op.drop_table("execution_step")
    op.drop_table("consultation")
    op.drop_table("run_event")
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_state"))
        batch_op.drop_index(batch_op.f("ix_plan_scenario_id"))
        batch_op.drop_index(batch_op.f("ix_plan_made_at"))

    op.drop_table("plan")
    with op.batch_alter_table("scenario_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scenario_version_content_hash"))

    op.drop_table("scenario_version")
    with op.batch_alter_table("scenario_facility", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scenario_facility_facility_id"))

    op.drop_table("scenario_facility")
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_index("ix_run_state_made_at")
        batch_op.drop_index(batch_op.f("ix_run_scenario_id"))

    op.drop_table("run")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_account_id"))

    op.drop_table("login_session")
    op.drop_table("worker")
    with op.batch_alter_table("scenario", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scenario_made_at"))

    op.drop_table("scenario")
    with op.batch_alter_table("rate_bucket", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rate_bucket_at"))

    op.drop_table("rate_bucket")
    with op.batch_alter_table("idempotent_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotent_answer_at"))

    op.drop_table("idempotent_answer")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_subject"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_actor"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_action"))

    op.drop_table("audit_entry")
    op.drop_table("api_key")
    op.drop_table("account")
