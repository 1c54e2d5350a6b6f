"""Every act has its words in the log that organizers read."""

from workgroup.acts.kinds import Act
from workgroup.acts.labels import ACTS


def test_every_act_is_put_into_words():
    assert set(ACTS) == set(Act)
