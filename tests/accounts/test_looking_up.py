"""An account is found by an index, however its address was typed."""

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from tests import cast
from workgroup.database import db

pytestmark = pytest.mark.both_databases


@pytest.fixture
def explained(app):
    """How the database finds what each statement about an address asks for."""
    plans = []

    def explain(connection, _cursor, statement, parameters, *_):
        if (
            statement.startswith("SELECT")
            and "email = " in statement.partition("WHERE")[2]
        ):
            sqlite = connection.dialect.name == "sqlite"
            if not sqlite:  # a few rows are read faster than their index
                connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            how = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
            rows = connection.exec_driver_sql(how + statement, parameters)
            plans.append("\n".join(str(row[-1]) for row in rows))
        elif statement.startswith("SELECT") and "lower(" in statement:
            plans.append("every row")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", explain)
    yield plans
    event.remove(engine, "before_cursor_execute", explain)


@pytest.mark.parametrize("form", ["/account/sign-in", "/account/reset"])
@pytest.mark.parametrize("written", [str, str.upper, str.title])
def test_an_address_is_found_by_its_index(app, explained, form, written):
    typed = {"email": written(cast.address("hana")), "password": cast.PASSWORD}

    answer = app.test_client().post(form, data=typed)

    assert answer.status_code in {200, 302}
    assert explained
    for plan in explained:
        assert "USING INDEX" in plan or "Index Scan using uq_users_email" in plan, plan


def test_an_address_in_capitals_is_not_stored(session):
    with pytest.raises(IntegrityError):
        session.execute(text("UPDATE users SET email = upper(email)"))
