"""What people say of findings. What stands here never changes again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "rule_counts",
        *map(_text, ("tenant", "org", "rule")),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "org", "rule", name="pk_rule_counts"),
    )
    op.create_table(
        "finding_marks",
        *map(_text, ("tenant", "rule", "digest", "kind", "reason", "person")),
        sa.Column("at", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "rule", "digest", "kind", name="pk_finding_marks"),
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
