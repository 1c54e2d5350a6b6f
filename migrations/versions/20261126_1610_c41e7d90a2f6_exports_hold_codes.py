"""exports hold codes instead of sentences, and one is under way for each report.

Older rows keep their sentence, as the parameter of the code "other". Of two exports
under way for one report the older one is marked as failed, and so is one whose job has
ended: their workers were lost.
"""

import sqlalchemy as sa
from alembic import op

revision = 'c41e7d90a2f6'
down_revision = 'b1f0c2d4e601'
branch_labels = None
depends_on = None

UNDER_WAY = "state IN ('waiting', 'running')"

exports = sa.table(
    'exports',
    sa.column('id', sa.Integer),
    sa.column('report_id', sa.Integer),
    sa.column('state', sa.String),
    sa.column('finished_at', sa.DateTime(timezone=True)),
    sa.column('requested_at', sa.DateTime(timezone=True)),
    sa.column('error_code', sa.String),
    sa.column('error', sa.String),
    sa.column('error_parameters', sa.JSON),
)

jobs = sa.table('jobs', sa.column('key', sa.String), sa.column('state', sa.String))


def upgrade() -> None:
    with op.batch_alter_table('exports', schema=None) as batch_op:
        batch_op.add_column(sa.Column('error_parameters', sa.JSON(), nullable=True))
    connection = op.get_bind()
    with_words = sa.select(exports.c.id, exports.c.error).where(exports.c.error != '')
    for row in connection.execute(with_words).all():
        connection.execute(
            exports.update()
            .where(exports.c.id == row.id)
            .values(error_code='other', error_parameters={'text': row.error})
        )
    connection.execute(
        exports.update().where(exports.c.error == '').values(error_parameters={})
    )
    living = sa.select(jobs.c.key).where(sa.text(UNDER_WAY))
    newest = (
        sa.select(sa.func.max(exports.c.id))
        .where(sa.text(UNDER_WAY))
        .group_by(exports.c.report_id)
    )
    connection.execute(
        exports.update()
        .where(
            sa.text(UNDER_WAY),
            sa.or_(
                exports.c.id.not_in(newest),
                (sa.literal('export:') + sa.cast(exports.c.id, sa.String)).not_in(living),
            ),
        )
        .values(
            state='failed',
            error_code='worker-lost',
            finished_at=exports.c.requested_at,
        )
    )
    with op.batch_alter_table('exports', schema=None) as batch_op:
        batch_op.alter_column('error_parameters', existing_type=sa.JSON(), nullable=False)
        batch_op.drop_column('error')
        batch_op.create_index(
            'uq_exports_under_way',
            ['report_id'],
            unique=True,
            sqlite_where=sa.text(UNDER_WAY),
            postgresql_where=sa.text(UNDER_WAY),
        )


def downgrade() -> None:
    with op.batch_alter_table('exports', schema=None) as batch_op:
        batch_op.drop_index('uq_exports_under_way')
        batch_op.add_column(sa.Column('error', sa.String(), nullable=True))
    connection = op.get_bind()
    rows = sa.select(exports.c.id, exports.c.error_code, exports.c.error_parameters)
    for row in connection.execute(rows).all():
        words = (row.error_parameters or {}).get('text', row.error_code)
        connection.execute(
            exports.update().where(exports.c.id == row.id).values(error=words)
        )
    with op.batch_alter_table('exports', schema=None) as batch_op:
        batch_op.alter_column('error', existing_type=sa.String(), nullable=False)
        batch_op.drop_column('error_parameters')
