"""A notice posted by the form, and the publishing that it starts, each on its own machine."""

import time
from collections.abc import Callable

import pytest

from tests.e2e.conftest import Stage

FORM = {
    "what": "incident",
    "title": "",
    "services": "smtp",
    "impact": "as it is",
    "state": "first",
    "text": "",
    "template": "delays",
    "starts": "",
    "ends": "",
    "next": "30m",
}
SET_UP_S = 30
"""What a machine takes to start and to install what we need: more than it does at GitHub."""


@pytest.mark.long
def test_a_form_is_on_the_page_within_two_minutes(
    stage: Stage, record_testsuite_property: Callable[[str, object], None]
) -> None:
    """Our own work is measured, by the world's clock; two machines that start and install are added to it."""
    began = time.time()
    posted = stage.run("post", "post", inputs=dict(FORM), clock=None)
    assert not posted.failed
    assert stage.github.list_dispatches("publish") == [{}], "a push by a job starts no other by itself"
    page = stage.publish("publish", clock=None).folder / "artifact/index.html"
    assert "Envois retardés" in page.read_text()
    took = time.time() - began + 2 * SET_UP_S
    record_testsuite_property("seconds", round(took))
    assert took < 120
