"""How often people try, and how deadly boats are: tables that agree with the events."""

import numpy as np
import pytest
from worlds import boats, content, count, run, who, with_exchange

from sim.domain.population import Place
from sim.processes.world import run_tables
from sim.records.recorder import STOPPED, BoatEnd, Happened

ROUGH = {
    "passage.turn_back_share": 0.3, "passage.turn_back_per_wave_m": 0, "passage.incident_share": 0.3,
    "passage.incident_per_wave_m": 0, "passage.incident_per_crowding": 0, "patrols.units": 6,
}  # fmt: skip
ENDS = ("arrived", "gave_up", "waiting", "died")


def tries(world) -> dict[str, list]:
    return content(run_tables(world)["attempts"])


def hazard(world) -> dict[str, np.ndarray]:
    return run_tables(world)["hazard"]


def all_people(table: dict[str, list]) -> list[int]:
    """People by number of tries, however the tries ended."""
    return [sum(row) for row in zip(*(table[end] for end in ENDS), strict=True)]


@pytest.fixture(scope="module")
def rough():
    return run(ROUGH)


def test_where_nothing_stops_a_boat_everybody_arrives_at_the_first_try():
    world = run()
    table = tries(world)
    assert table["attempts"] == [1]
    assert table["arrived"] == [count(world, Happened.ARRIVED)]
    assert table["gave_up"] == table["died"] == [0]


def test_everyone_who_tried_is_in_the_table_once(rough):
    table = tries(rough)
    assert sum(all_people(table)) == len(set(who(rough, Happened.TRIED)))
    assert sum(table["arrived"]) == count(rough, Happened.ARRIVED)
    assert sum(table["died"]) == count(rough, Happened.DIED) > 0


def test_people_times_tries_are_the_tries_of_the_run(rough):
    table = tries(rough)
    made = sum(n * people for n, people in zip(table["attempts"], all_people(table), strict=True))
    assert made == count(rough, Happened.TRIED)
    assert max(table["attempts"]) >= 3


def test_tries_after_a_return_begin_another_series():
    again = {"after_return.try_again_share": 1, "after_return.claim_in_france_share": 0}
    world = run({**with_exchange(), **again})
    assert count(world, Happened.TRIES_AGAIN) > 0
    assert count(world, Happened.TRIED) > len(set(who(world, Happened.TRIED)))
    assert tries(world)["attempts"] == [1]


def test_those_who_settle_elsewhere_after_failing_gave_up():
    world = run({"passage.turn_back_share": 1 - 1e-9, "migrants.settle_gbp": 20_000})
    table, tried = tries(world), set(who(world, Happened.TRIED))
    assert sum(table["arrived"]) == 0
    assert sum(table["gave_up"]) == len(tried & set(who(world, Happened.SETTLED))) > 0
    assert sum(table["gave_up"]) + sum(table["waiting"]) == len(tried)


def test_those_who_are_at_the_coast_at_the_end_still_wait():
    world = run({"passage.turn_back_share": 1 - 1e-9})
    table = tries(world)
    assert sum(table["waiting"]) == len(set(who(world, Happened.TRIED))) > 0
    assert {int(Place.CAMP), int(Place.CUSTOMER)} <= set(world.people.place_view[who(world, Happened.TRIED)].tolist())


def test_those_who_first_tried_before_the_measured_window_are_left_out():
    world = run({**ROUGH, "measure_from": "2025-01-21"})
    events = np.frombuffer(world.recorder.time), np.frombuffer(world.recorder.person, dtype=np.int32)
    tried = np.frombuffer(world.recorder.code, dtype=np.uint8) == Happened.TRIED
    time, person = (column[tried] for column in events)
    early = set(person[time < 20].tolist())
    assert early
    assert sum(all_people(tries(world))) == len(set(person.tolist()) - early)


def test_a_run_in_which_nobody_tries_has_an_empty_table_of_tries():
    world = run({"gangs.boats_at_start": 0, "gangs.seized_share": 0.999999999})
    table = tries(world)
    assert count(world, Happened.TRIED) == 0
    assert all(column == [] for column in table.values())
    assert hazard(world)["launches"].sum() == 0


def test_bands_of_load_and_waves_add_up_to_the_launches(rough):
    table, launched = hazard(rough), boats(rough)
    left = [row for row in launched if row.end not in STOPPED]
    assert table["launches"].sum() == len(launched)
    assert table["left_beach"].sum() == len(left) < len(launched)
    assert table["people_at_sea"].sum() == sum(row.people for row in left)
    assert table["incidents"].sum() == sum(row.dead > 0 for row in launched) > 0
    assert table["deaths"].sum() == count(rough, Happened.DIED)
    assert table["deaths_squared"].sum() == sum(row.dead**2 for row in launched)


def test_a_boat_is_in_the_band_that_begins_at_its_load():
    world = run({"gangs.seats_per_boat": {2025: 40}, "gangs.fill_at_least": 1, "coast.people_at_start": 200})
    table = hazard(world)
    assert {row.people for row in boats(world)} == {40}
    assert table["load_from"][table["launches"] > 0].tolist() == [40.0]
    assert set(table["wave_from_m"][table["launches"] > 0].tolist()) == {0.0}


def test_launches_of_the_warm_up_are_not_in_the_table_of_hazard():
    world = run({**ROUGH, "measure_from": "2025-01-21"})
    assert 0 < hazard(world)["launches"].sum() == sum(row.launched >= 20 for row in boats(world)) < len(boats(world))


def test_boats_stopped_on_the_beach_carry_nobody_to_sea():
    world = run({"patrols.units": 100})
    stopped = len(boats(world, BoatEnd.PREVENTED))
    assert hazard(world)["left_beach"].sum() == len(boats(world)) - stopped
    assert stopped > 0


def test_arrivals_in_scope_leave_out_minors_alone():
    everyone, none = run(), run({"theatre.ages.unaccompanied_minor_share": 1})
    for world, share in ((everyone, 1), (none, 0)):
        groups = run_tables(world)["groups"]
        assert groups["arrivals_in_scope"].sum() == share * groups["arrivals"].sum()
        assert groups["arrivals"].sum() > 0
