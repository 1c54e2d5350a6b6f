"""notices, what each person wants by mail, and each person's language.

The log is read from its present end on: nobody is told of what happened before.
"""

import sqlalchemy as sa
from alembic import op

revision = '18b211c17aea'
down_revision = 'd4e8b1a70517'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('log_cursors',
    sa.Column('reader', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('reader', name=op.f('pk_log_cursors'))
    )
    op.create_table('notice_digests',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notice_digests_user_id_users')),
    sa.PrimaryKeyConstraint('user_id', 'day', name=op.f('pk_notice_digests'))
    )
    op.create_table('notice_preferences',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('delivery', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notice_preferences_user_id_users')),
    sa.PrimaryKeyConstraint('user_id', 'kind', name=op.f('pk_notice_preferences'))
    )
    op.create_table('notices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('format', sa.Integer(), nullable=False),
    sa.Column('cause', sa.String(length=40), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('section_id', sa.Integer(), nullable=False),
    sa.Column('ballot_id', sa.Integer(), nullable=True),
    sa.Column('thread_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mail', sa.String(length=32), nullable=False),
    sa.Column('mailed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(mail = 'sent') = (mailed_at IS NOT NULL)", name=op.f('ck_notices_sent_once')),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_notices_actor_id_users')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_notices_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notices_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices')),
    sa.UniqueConstraint('user_id', 'kind', 'cause', name=op.f('uq_notices_user_id_kind_cause'))
    )
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notices_ballot_id'), ['ballot_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notices_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index('ix_notices_mailed', ['user_id', 'kind', 'mailed_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_notices_section_id'), ['section_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notices_thread_id'), ['thread_id'], unique=False)
        batch_op.create_index('ix_notices_unread', ['user_id'], unique=False, sqlite_where=sa.text('read_at IS NULL'), postgresql_where=sa.text('read_at IS NULL'))
        batch_op.create_index('ix_notices_waiting', ['user_id', 'kind'], unique=False, sqlite_where=sa.text("mail = 'waiting'"), postgresql_where=sa.text("mail = 'waiting'"))

    op.create_table('unsubscribe_tokens',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('length(token_hash) = 64', name=op.f('ck_unsubscribe_tokens_token_is_a_hash')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_unsubscribe_tokens_user_id_users')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_unsubscribe_tokens'))
    )
    with op.batch_alter_table('unsubscribe_tokens', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_unsubscribe_tokens_user_id'), ['user_id'], unique=False)

    op.add_column(
        'users',
        sa.Column('language', sa.String(length=8), nullable=False, server_default='en'),
    )
    op.execute(
        "INSERT INTO log_cursors (reader, number) "
        "SELECT 'notices', COALESCE(MAX(number), 0) FROM audit_records"
    )


def downgrade() -> None:
    op.drop_column('users', 'language')

    with op.batch_alter_table('unsubscribe_tokens', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_unsubscribe_tokens_user_id'))

    op.drop_table('unsubscribe_tokens')
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.drop_index('ix_notices_waiting', sqlite_where=sa.text("mail = 'waiting'"), postgresql_where=sa.text("mail = 'waiting'"))
        batch_op.drop_index('ix_notices_unread', sqlite_where=sa.text('read_at IS NULL'), postgresql_where=sa.text('read_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_notices_thread_id'))
        batch_op.drop_index(batch_op.f('ix_notices_section_id'))
        batch_op.drop_index('ix_notices_mailed')
        batch_op.drop_index(batch_op.f('ix_notices_cohort_id'))
        batch_op.drop_index(batch_op.f('ix_notices_ballot_id'))

    op.drop_table('notices')
    op.drop_table('notice_preferences')
    op.drop_table('notice_digests')
    op.drop_table('log_cursors')
