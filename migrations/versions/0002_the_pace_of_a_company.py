"""the pace of a company, and the hard end of a connection."""

from alembic import op
import sqlalchemy as sa

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('connection') as batch_op:
        batch_op.add_column(sa.Column('hard_expires_at', sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table('governor') as batch_op:
        batch_op.add_column(sa.Column('paused_from', sa.Double(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('pace', sa.Double(), server_default='1', nullable=False))
        batch_op.add_column(sa.Column('paced_at', sa.Double(), server_default='0', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('governor') as batch_op:
        batch_op.drop_column('paced_at')
        batch_op.drop_column('pace')
        batch_op.drop_column('paused_from')
    with op.batch_alter_table('connection') as batch_op:
        batch_op.drop_column('hard_expires_at')
