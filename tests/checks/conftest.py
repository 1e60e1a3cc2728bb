"""What the tests of every kind share."""

import pytest

from tests.support.certificates import Certificates


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """A test authority: making one costs more than a probe."""
    return Certificates(tmp_path_factory.mktemp("certificates"))
