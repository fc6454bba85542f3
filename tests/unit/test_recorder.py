"""Rows of the event record are the same, whichever way they are written."""

from types import SimpleNamespace

import numpy as np

from sim.records.recorder import Happened, Recorder


def rows(recorder: Recorder) -> list[bytes]:
    return [column.tobytes() for column in (recorder.time, recorder.person, recorder.code)]


def test_a_handful_or_many_recorded_together_are_the_rows_of_each_alone():
    alone, few, many = (Recorder(SimpleNamespace(now=2.5)) for _ in range(3))
    for person in (7, 3, 5):
        alone.record(Happened.REGISTERED, person)
    few.record_few(Happened.REGISTERED, [7, 3, 5])
    many.record_all(Happened.REGISTERED, np.array([7, 3, 5]))
    assert rows(alone) == rows(few) == rows(many)
    assert len(alone.code) == 3
