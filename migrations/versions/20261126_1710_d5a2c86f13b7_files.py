"""the store of files: contents in pieces, and what refers to them."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "d5a2c86f13b7"
down_revision = "e7f2a6c91348"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'files',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('sha256', sa.String(length=64), nullable=False),
        sa.Column('media_type', sa.String(length=100), nullable=False),
        sa.Column('size', sa.BigInteger(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('created_by_id', sa.Integer(), nullable=True),
        sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_files_created_by_id_users')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_files')),
        sa.UniqueConstraint('sha256', 'media_type', name=op.f('uq_files_sha256_media_type')),
    )
    op.create_index(op.f('ix_files_used_at'), 'files', ['used_at'])
    op.create_table(
        'file_pieces',
        sa.Column('file_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('data', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['file_id'], ['files.id'], name=op.f('fk_file_pieces_file_id_files')),
        sa.PrimaryKeyConstraint('file_id', 'number', name=op.f('pk_file_pieces')),
    )
    op.create_table(
        'file_references',
        sa.Column('file_id', sa.Integer(), nullable=False),
        sa.Column('owner_kind', sa.String(length=40), nullable=False),
        sa.Column('owner_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['file_id'], ['files.id'], name=op.f('fk_file_references_file_id_files')),
        sa.PrimaryKeyConstraint('file_id', 'owner_kind', 'owner_id', name=op.f('pk_file_references')),
    )
    op.create_index('ix_file_references_owner', 'file_references', ['owner_kind', 'owner_id'])
    if op.get_bind().dialect.name == 'postgresql':
        # Files are mostly compressed already: do not try it again on every piece.
        op.execute('ALTER TABLE file_pieces ALTER COLUMN data SET STORAGE EXTERNAL')


def downgrade() -> None:
    """Go back where files are in the instance's folder, from which they were moved into the store.

    Raises:
        CommandError: a finished PDF is in the store, and nowhere else.
    """
    stored = op.get_bind().scalar(sa.text('SELECT count(*) FROM file_references'))
    if stored:
        raise CommandError(
            f'Finished PDFs that only the database holds: {stored}. Going back would delete '
            'them. Nothing was changed: go on with the version that you have.'
        )
    op.drop_table('file_references')
    op.drop_table('file_pieces')
    op.drop_table('files')
