"""A case's papers: caseworkers write requests, France answers in time or late, again or no."""

import numpy as np
import pytest
from worlds import by_person, cases, count, ended, evenings, exchange, run, stage, times, who, with_exchange

from sim.domain.population import Place
from sim.processes.world import World
from sim.records.recorder import Happened

COUNT_HOUR = 23.9 / 24
TRY_AGAIN = {
    "after_return.try_again_share": 1, "after_return.claim_in_france_share": 0, "after_return.retry_days": 1,
    "after_return.recognised_selection_share": 1,
}  # fmt: skip


def waits(world: World, since: str, until: str) -> list[float]:
    """Days between two stages of every case that reached both."""
    days = [(case[since], case[until]) for case in cases(world)]
    return [later - sooner for sooner, later in days if sooner is not None and later is not None]


def desk_is_empty(world: World) -> bool:
    desk = world.returns.papers.desk
    return desk.busy == desk.waiting == 0


@pytest.fixture(scope="module")
def one_caseworker() -> World:
    """One caseworker who takes half a day for a request: two a day, where about eleven cases begin."""
    return run(with_exchange(caseworkers=1, request_work_days=0.5))


def test_a_request_is_sent_on_its_day_after_arrival():
    world = run(with_exchange(request_days=4, request_work_days=1))
    assert waits(world, "arrived_day", "requested_day") == pytest.approx([4] * count(world, Happened.REQUESTED))


def test_a_request_that_takes_longer_to_write_is_sent_when_it_is_written():
    world = run(with_exchange(request_days=1, request_work_days=3))
    assert waits(world, "selected_day", "requested_day") == pytest.approx([3] * count(world, Happened.REQUESTED))


def test_a_caseworker_who_has_written_a_request_does_not_wait_for_its_day():
    world = run(with_exchange(caseworkers=1, request_work_days=0, request_days=5))
    assert waits(world, "arrived_day", "requested_day") == pytest.approx([5] * count(world, Happened.REQUESTED))


def test_one_caseworker_writes_one_request_after_another(one_caseworker):
    sent = times(one_caseworker, Happened.REQUESTED)[1:]  # the first two wait for the day after arrival
    assert np.diff(sent) == pytest.approx([0.5] * (len(sent) - 1))
    assert len(sent) > 70


def test_two_caseworkers_write_two_requests_at_once():
    sent = times(run(with_exchange(caseworkers=2, request_work_days=1)), Happened.REQUESTED)
    assert sent[2:] - sent[:-2] == pytest.approx([1.0] * (len(sent) - 2))
    assert len(sent) > 70


def test_requests_are_written_in_the_order_of_selection(one_caseworker):
    requested = set(who(one_caseworker, Happened.REQUESTED))
    in_order = [person for person in who(one_caseworker, Happened.SELECTED) if person in requested]
    assert who(one_caseworker, Happened.REQUESTED) == in_order


def test_with_too_few_caseworkers_requests_become_late(one_caseworker):
    waited = waits(one_caseworker, "arrived_day", "requested_day")
    assert waited[0] == pytest.approx(1)
    assert 12 < min(waited[-10:]) <= max(waited) <= 14


def test_a_case_whose_request_can_no_longer_be_sent_within_fourteen_days_ends_then(one_caseworker):
    late = ended(one_caseworker, "request_too_late")
    assert len(late) > 50
    assert {case["requested_day"] for case in late} == {None}
    days = [case["end_day"] - case["arrived_day"] for case in late]
    assert days == pytest.approx([14 - 0.5] * len(late))  # half a day is what the request would have taken


def test_a_caseworker_goes_on_sending_requests_however_long_the_line():
    world = run({**with_exchange(caseworkers=1, request_work_days=0.5), "until": "2025-03-01"})
    assert times(world, Happened.REQUESTED).max() > 58


def test_requests_that_are_written_in_time_are_sent_on_the_last_day():
    world = run(with_exchange(request_days=14, request_limit_days=14))
    assert count(world, Happened.REQUESTED) > 0
    assert count(world, Happened.REQUEST_TOO_LATE) == count(world, Happened.VOIDED) == 0


def test_a_request_after_the_treatys_limit_ends_a_case():
    slow = {"centre.staff": 2, "centre.registration_hours": 10}
    world = run({**with_exchange(request_limit_days=2), **slow})
    late = [case for case in cases(world) if case["selected_day"] - case["arrived_day"] > 2]
    assert late
    assert {case["end"] for case in late} == {"request_too_late"}
    assert {case["requested_day"] for case in late} == {None}


def test_more_caseworkers_from_a_date_clear_the_backlog_at_once():
    hired = {"casework": {"from": "2025-01-11", "caseworkers": 1000}}
    changes = with_exchange(caseworkers=1, request_work_days=0.5)
    world = run({**changes, "levers": [*changes["levers"], hired]})
    waiting = [c for c in cases(world) if c["selected_day"] < 10 < (c["requested_day"] or 99)]
    assert len(waiting) > 50
    assert [c["requested_day"] for c in waiting[1:]] == pytest.approx([10.5] * (len(waiting) - 1))
    later = [c for c in cases(world) if c["selected_day"] > 10 and c["requested_day"] is not None]
    sent = [c["requested_day"] - max(c["selected_day"] + 0.5, c["arrived_day"] + 1) for c in later]
    assert sent == pytest.approx([0] * len(later), abs=1e-5)


def test_caseworkers_are_busy_while_they_write_and_free_once_everyone_has_gone():
    world = run(with_exchange(until="2025-01-21", caseworkers=3, request_work_days=0.9, void_days=10))
    busy = evenings(world, "caseworkers_busy")
    assert max(busy) == 3
    assert busy[-1] == 0
    assert set(evenings(world, "caseworkers")[1:]) == {3}
    assert desk_is_empty(world)


LEAVES_THE_LINE = {
    "a claim ends the case": {"claims.human_rights_upheld_share": 1, "claims.human_rights_days": 0.7},
    "some claims end the case": {"claims.human_rights_upheld_share": 0.5, "claims.human_rights_days": 2.2},
    "removal is barred": {"claims.trafficking_share": 1, "claims.trafficking_upheld_share": 1,
                          "claims.trafficking_days": 0.7, "claims.trafficking_final_share": 1,
                          "claims.trafficking_bar_days": 1, "claims.trafficking_final_days": 1},
}  # fmt: skip


@pytest.mark.parametrize("why", LEAVES_THE_LINE)
def test_nobodys_desk_is_lost_when_a_case_ends_early(why):
    claims = {"claims.human_rights_share": 1, **LEAVES_THE_LINE[why]}
    world = run({**with_exchange(until="2025-01-21", caseworkers=2, request_work_days=0.5), **claims})
    early = [case for case in cases(world) if case["requested_day"] is None]
    assert early
    assert {case["end"] for case in early} - {"voided", "request_too_late"}
    assert desk_is_empty(world)
    assert world.people.count[Place.CASE] == world.returns.papers.awaiting_request == 0


def test_nobodys_desk_is_lost_when_three_months_end_first():
    world = run(with_exchange(until="2025-01-21", caseworkers=2, request_work_days=1, void_days=3))
    assert any(case["requested_day"] is None for case in ended(world, "voided"))
    assert desk_is_empty(world)


def test_a_place_in_the_line_given_up_is_the_next_ones():
    """One caseworker a day a request, and every case ends after 0.7 days: everyone's desk is free again by then."""
    upheld = {"claims.human_rights_share": 1, "claims.human_rights_upheld_share": 1, "claims.human_rights_days": 0.7}
    world = run({**with_exchange(caseworkers=1, request_work_days=1), **upheld})
    assert waits(world, "selected_day", "end_day") == pytest.approx([0.7] * len(ended(world, "human_rights_upheld")))
    assert max(evenings(world, "caseworkers_busy")) == 1


def test_france_answers_within_its_days():
    world = run(with_exchange(french_reply_days=6))
    assert waits(world, "requested_day", "accepted_day") == pytest.approx(
        [6] * count(world, Happened.ACCEPTED_BY_FRANCE)
    )


def test_a_late_answer_takes_the_exceptional_limit():
    world = run(with_exchange(french_late_share=1, french_reply_limit_days=9))
    assert waits(world, "requested_day", "accepted_day") == pytest.approx(
        [9] * count(world, Happened.ACCEPTED_BY_FRANCE)
    )


def test_some_answers_are_late_and_the_others_are_not():
    world = run(with_exchange(french_late_share=0.3, french_reply_limit_days=9))
    waited = np.round(waits(world, "requested_day", "accepted_day"), 6)
    assert set(waited.tolist()) == {3.0, 9.0}
    assert (waited == 9).mean() < 0.5


def test_france_answers_faster_for_someone_it_has_taken_back_before():
    faster = {**TRY_AGAIN, "after_return.recognised_reply_days": 0.25}
    world = run({**with_exchange(french_late_share=1, french_reply_limit_days=5), **faster})
    seen: set[int] = set()
    days: dict[bool, set[float]] = {False: set(), True: set()}
    for case in cases(world):
        if case["accepted_day"] is not None:
            days[case["person"] in seen].add(round(case["accepted_day"] - case["requested_day"], 6))
        seen.add(case["person"])
    assert days == {False: {5.0}, True: {0.25}}


def test_if_france_refuses_everyone_nobody_is_returned():
    world = run(with_exchange(french_refusal_share=1))
    assert count(world, Happened.RETURNED) == 0
    assert count(world, Happened.REFUSED_BY_FRANCE) > 0
    assert world.people.count[Place.ASYLUM] > 0


def test_a_refusal_comes_with_the_answer_and_ends_the_case():
    world = run(with_exchange(french_refusal_share=1))
    refused = ended(world, "refused_by_france")
    assert [case["end_day"] - case["requested_day"] for case in refused] == pytest.approx([3] * len(refused))
    assert {case["accepted_day"] for case in refused} == {case["ready_day"] for case in refused} == {None}


def test_some_are_refused_and_the_others_returned():
    world = run(with_exchange(french_refusal_share=0.3))
    assert not set(who(world, Happened.REFUSED_BY_FRANCE)) & set(who(world, Happened.ACCEPTED_BY_FRANCE))
    assert 0 < count(world, Happened.REFUSED_BY_FRANCE) < count(world, Happened.ACCEPTED_BY_FRANCE)


def test_while_returns_run_ahead_france_may_refuse_for_imbalance():
    ahead = {"legal_route.parity_tolerance": 5, "legal_route.window_every_days": 1}
    world = run({**with_exchange(french_imbalance_share=1), **ahead})
    paused = next(day for day, on in enumerate(evenings(world, "returns_paused")) if on)
    refused = ended(world, "refused_for_imbalance")
    answers = [case["requested_day"] + 3 for case in cases(world) if case["requested_day"] is not None]
    assert [case["end_day"] - case["requested_day"] for case in refused] == pytest.approx([3] * len(refused))
    assert min(case["end_day"] for case in refused) > paused > times(world, Happened.ACCEPTED_BY_FRANCE).max()
    assert len(refused) == sum(paused < day < world.scenario.horizon_days for day in answers) > 0


@pytest.mark.parametrize(("share", "tolerance"), [(0, 5), (1, 100_000)])
def test_without_imbalance_or_without_the_ground_france_refuses_nobody_for_it(share, tolerance):
    ahead = {"legal_route.parity_tolerance": tolerance, "legal_route.window_every_days": 1}
    world = run({**with_exchange(french_imbalance_share=share), **ahead})
    assert count(world, Happened.REFUSED_FOR_IMBALANCE) == 0 < count(world, Happened.ACCEPTED_BY_FRANCE)


def test_france_answers_by_the_rules_of_the_day_of_the_request():
    faster = {"french_reply": {"from": "2025-01-16", "french_reply_days": 1}}
    world = run({**with_exchange(french_reply_days=5), "levers": [exchange(french_reply_days=5), faster]})
    accepted = by_person(world, Happened.ACCEPTED_BY_FRANCE)
    before, after = set(), set()
    for person, day in by_person(world, Happened.REQUESTED).items():
        if person in accepted:
            (before if day < 15 else after).add(round(accepted[person] - day, 6))
    assert (before, after) == ({5.0}, {1.0})


def test_the_stages_of_the_papers_are_what_the_cases_say_each_evening():
    doubts = {"claims.human_rights_share": 0.5, "claims.human_rights_days": 7, "claims.human_rights_upheld_share": 0.3}
    lively = with_exchange(caseworkers=4, request_work_days=0.5, french_refusal_share=0.2, flights_per_week=2)
    world = run({**lively, **doubts})
    rows = cases(world)

    def between(begin: str, ends: tuple[str, ...]) -> list[int]:
        spans = [(c[begin], min([c[e] for e in ends if c[e] is not None], default=np.inf)) for c in rows]
        return [
            sum(a is not None and a <= day + COUNT_HOUR < b for a, b in spans)
            for day in range(len(stage(world, "bed")))
        ]  # fmt: skip

    assert stage(world, "awaiting_request").tolist() == between("selected_day", ("requested_day", "end_day"))
    assert stage(world, "awaiting_reply").tolist() == between("requested_day", ("accepted_day", "end_day"))
    assert stage(world, "awaiting_claims").tolist() == between("accepted_day", ("ready_day", "end_day"))
    assert stage(world, "seat").tolist() == between("ready_day", ("end_day",))
    assert stage(world, "bed").tolist() == between("selected_day", ("end_day",))
    for name in ("awaiting_request", "awaiting_reply", "awaiting_claims", "seat"):
        assert max(stage(world, name)) > 0
