"""Metrics of the exchange over the measured window: what it delivered, what stood in its way, who waited for what."""

import numpy as np

from sim.metrics.registry import metric
from sim.metrics.run import RunTables, ratio

DAYS_PER_WEEK = 7


@metric("people")
def selected(run: RunTables) -> float:
    """Return cases begun."""
    return float(run.daily("selected").sum())


@metric("people")
def returned(run: RunTables) -> float:
    """People returned to France."""
    return float(run.daily("returned").sum())


@metric("people")
def voided(run: RunTables) -> float:
    """Return cases that became void: three months over, or the exchange at its end."""
    return float(run.daily("voided").sum())


@metric("people")
def admitted(run: RunTables) -> float:
    """People admitted to the UK by the legal route."""
    return float(run.daily("admitted").sum())


@metric("share")
def returned_share(run: RunTables) -> float:
    """People returned as a share of arrivals by boat."""
    return ratio(run.daily("returned").sum(), run.daily("arrivals").sum())


@metric("days")
def median_days_to_return(run: RunTables) -> float:
    """Median days from arrival to return, of the people returned; missing if nobody was."""
    days = days_to_return(run)
    return float(np.median(days)) if len(days) else float("nan")


@metric("people")
def ledger_gap_max(run: RunTables) -> float:
    """Largest gap between returns and admissions, either way."""
    return float(np.abs(run.daily("ledger_gap")).max(initial=0))


@metric("days")
def p90_days_to_return(run: RunTables) -> float:
    """90th percentile of the days from arrival to return, of the people returned; missing if nobody was."""
    days = days_to_return(run)
    return float(np.quantile(days, 0.9)) if len(days) else float("nan")


@metric("weeks", detail=True)
def weeks_open(run: RunTables) -> float:
    """Weeks of the measured window in which the exchange had a target."""
    return float((run.stage("weekly_target", "stock") > 0).sum() / DAYS_PER_WEEK)


@metric("people/week")
def returned_per_week(run: RunTables) -> float:
    """People returned a week while the exchange was open; missing if it never was."""
    return ratio(run.daily("returned").sum(), weeks_open(run))


@metric("share")
def delivered_share(run: RunTables) -> float:
    """People returned as a share of what the weekly targets added up to; missing if there was no target."""
    return ratio(run.daily("returned").sum(), run.stage("weekly_target", "stock").sum() / DAYS_PER_WEEK)


@metric("people", detail=True)
def passed_over_lot(run: RunTables) -> float:
    """Eligible arrivals whom the lot did not choose for return."""
    return float(run.stage("passed_over_lot", "entered").sum())


@metric("people", detail=True)
def passed_over_parity(run: RunTables) -> float:
    """Eligible arrivals chosen by lot but not selected, because returns had run too far ahead of admissions."""
    return float(run.stage("passed_over_parity", "entered").sum())


@metric("people", detail=True)
def passed_over_target(run: RunTables) -> float:
    """Eligible arrivals chosen by lot but not selected, because the week's target was used up."""
    return float(run.stage("passed_over_target", "entered").sum())


@metric("people")
def passed_over_beds(run: RunTables) -> float:
    """Eligible arrivals chosen by lot but not selected, because no detention bed was free."""
    return float(run.stage("passed_over_beds", "entered").sum())


@metric("share")
def bed_use(run: RunTables) -> float:
    """Detention beds in use, as a share of those of the exchange while it was open."""
    return ratio(*run.while_open("beds_used", "beds"))


@metric("share", detail=True)
def casework_use(run: RunTables) -> float:
    """Caseworkers busy with requests of an evening, as a share of all while the exchange was open."""
    return ratio(*run.while_open("caseworkers_busy", "caseworkers"))


@metric("share")
def seat_use(run: RunTables) -> float:
    """Seats planned for someone, as a share of the seats of charters that flew."""
    return ratio(*run.while_open("planned", "seats"))


@metric("beds", detail=True)
def beds_p95(run: RunTables) -> float:
    """Detention beds in use that nineteen evenings in twenty do not exceed, while the exchange was open."""
    return p95_while_open(run, "bed")


@metric("caseworkers", detail=True)
def caseworkers_p95(run: RunTables) -> float:
    """Caseworkers busy with requests that nineteen evenings in twenty do not exceed, while the exchange was open."""
    return p95_while_open(run, "caseworkers")


@metric("seats/week", detail=True)
def seats_planned_per_week(run: RunTables) -> float:
    """Seats planned for someone a week while the exchange was open, on charters that were cancelled too."""
    flights = run.tables["flights"]
    return ratio(flights["planned"][run.measured(flights["day"])].sum(), weeks_open(run))


@metric("people/week", detail=True)
def admissions_begun_per_week(run: RunTables) -> float:
    """Applicants chosen for the legal route a week while the exchange was open."""
    return ratio(run.stage("checks", "entered").sum(), weeks_open(run))


@metric("share", detail=True)
def bed_days_request(run: RunTables) -> float:
    """Share of bed-days spent until the readmission request was sent."""
    return bed_days(run, "awaiting_request")


@metric("share", detail=True)
def bed_days_reply(run: RunTables) -> float:
    """Share of bed-days spent waiting for France's answer."""
    return bed_days(run, "awaiting_reply")


@metric("share", detail=True)
def bed_days_claims(run: RunTables) -> float:
    """Share of bed-days spent waiting for claims alone, the papers being complete."""
    return bed_days(run, "awaiting_claims")


@metric("share", detail=True)
def bed_days_seat(run: RunTables) -> float:
    """Share of bed-days spent waiting for a seat."""
    return bed_days(run, "seat")


@metric("share", detail=True)
def bed_days_court(run: RunTables) -> float:
    """Share of bed-days spent waiting for a court that was asked to stop a planned removal."""
    return bed_days(run, "in_court")


@metric("people", detail=True)
def applicants_waiting(run: RunTables) -> float:
    """People in France who have applied for the legal route and wait to be chosen, mean over the days."""
    return float(run.stage("applicant", "stock").mean())


@metric("person-nights", detail=True)
def nights_housed(run: RunTables) -> float:
    """Nights of accommodation of people who came irregularly and wait for a decision."""
    return float(run.stage("asylum", "stock").sum())


@metric("people", detail=True)
def working(run: RunTables) -> float:
    """People waiting for a decision who work without permission, mean over the days."""
    return float(run.stage("working", "stock").mean())


def days_to_return(run: RunTables) -> np.ndarray:
    """Days from arrival to return of everyone returned in the measured window; shape (people returned,)."""
    cases = run.tables["cases"]
    done = cases["end"].where("returned") & run.measured(cases["end_day"])
    return np.asarray((cases["end_day"] - cases["arrived_day"])[done])


def p95_while_open(run: RunTables, stage: str) -> float:
    """95th percentile of a stage's evening stock while the exchange had a target; missing if it never had."""
    stock = run.stage(stage, "stock")[run.stage("weekly_target", "stock") > 0]
    return float(np.quantile(stock, 0.95)) if len(stock) else float("nan")


def bed_days(run: RunTables, stage: str) -> float:
    """Share of the bed-days of the measured window spent in one stage; missing if no bed was used."""
    return ratio(run.stage(stage, "stock").sum(), run.stage("bed", "stock").sum())
