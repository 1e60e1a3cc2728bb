"""Fixtures that the tests of the verbs share."""

from tests.checks.conftest import certificates

__all__ = ["certificates"]
