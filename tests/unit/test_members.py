"""Enumerations read on hot paths keep behaving as enumerations."""

import copy
import pickle
from enum import IntEnum

import pytest

from sim.domain.choice import Choice
from sim.domain.members import plain_members
from sim.domain.population import Place
from sim.records.recorder import Happened


@pytest.mark.parametrize("kind", [Choice, Happened, Place])
def test_members_are_found_by_name_by_value_and_as_attributes(kind):
    for member in kind:
        assert getattr(kind, member.name) is kind[member.name] is kind(member.value) is member
        assert vars(kind)[member.name] is member
        assert pickle.loads(pickle.dumps(member)) is copy.copy(member) is member


def test_members_cannot_be_replaced():
    @plain_members
    class Colour(IntEnum):
        RED = 1

    with pytest.raises(AttributeError):
        Colour.RED = 2
