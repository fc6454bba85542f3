"""Tables of the exchange: its stages by day, its ledger by week, its flights, its cases, and what everything costs."""

from sim.dictionary.declared import (
    DAYS,
    EACH_DAY,
    GBP,
    PEOPLE,
    RUN,
    SHARE,
    Family,
    Table,
    count,
    date,
    flag,
    labelled,
    number,
    said,
    text,
    words,
)
from sim.domain.cases import CaseEnd
from sim.domain.exchange import PassedOver
from sim.records.costs import ITEMS, costs_table
from sim.records.exchange_tables import STAGES, cases_table, ledger_table, pipeline_table

SO_FAR = "so far, in the evening"
CASE_ENDS = labelled(CaseEnd, {
    CaseEnd.RETURNED: "the person was returned to France",
    CaseEnd.VOIDED: "it ran out of time, or was open when the exchange closed",
    CaseEnd.REFUSED_BY_FRANCE: "France refused",
    CaseEnd.CLAIM_UPHELD: "a trafficking claim was upheld for good, or outlasted the case",
    CaseEnd.HUMAN_RIGHTS_UPHELD: "a human-rights claim was upheld",
    CaseEnd.APPEAL_ALLOWED: "an appeal on a human-rights claim was allowed",
    CaseEnd.INJUNCTION_STOPPED: "a court stopped the removal",
    CaseEnd.FOUND_MINOR: "an age dispute found an unaccompanied minor",
    CaseEnd.REQUEST_TOO_LATE: "the readmission request could not be sent in time",
    CaseEnd.REFUSED_FOR_IMBALANCE: "France refused since admissions lagged behind returns",
})  # fmt: skip
ENDED_CASE = {end: f"entered: cases over: {meaning}" for end, meaning in CASE_ENDS.items()}
WHY_NOT = {
    PassedOver.LOT: "not chosen by lot",
    PassedOver.PARITY: "returns were paused for parity",
    PassedOver.TARGET: "the week's target was used up",
    PassedOver.BEDS: "no detention bed was free",
}
STAGE_MEANINGS = words((*STAGES, *(f"passed_over_{why.name.lower()}" for why in PassedOver)), {
    "centre": "at the arrival centre; entered: arrivals by boat",
    "case": "in a return case, or barred; entered: selected for return",
    "bed": "detention beds in use",
    "papers": "detained until papers and claims are complete: the sum of the next three",
    "awaiting_request": "detained until the readmission request is sent",
    "awaiting_reply": "detained until France answers",
    "awaiting_claims": "detained with papers complete, until claims are settled",
    "caseworkers": "caseworkers busy with requests",
    "requested": "entered: readmission requests sent",
    "seat": "detained, ready, waiting for a seat on a flight",
    "in_court": "detained while a court that was asked to stop the removal decides",
    "barred": "out of detention while an upheld trafficking claim bars removal",
    "claim_raised": "entered: trafficking claims raised",
    "human_rights_raised": "entered: human-rights claims raised",
    "appealed": "entered: appeals lodged",
    "age_disputed": "entered: ages disputed",
    "missed_flight": "entered: people who missed the seat planned for them",
    **ENDED_CASE,
    "reception": "in reception in France after a return; entered: returned",
    "tries_again": "entered: people who went back to the coast after a return",
    "claimed_in_france": "entered: people who claimed asylum in France after a return",
    "applicant": "applicants for the legal route who wait to be chosen; entered: applied",
    "checks": "applicants chosen, in checks and visa process; entered: chosen",
    "biometrics": "entered: applicants who gave biometrics",
    "admitted": "entered: people admitted by the legal route",
    "lapsed": "entered: applications that lapsed before a draw chose them",
    "failed_checks": "entered: chosen applicants who failed checks or were refused the visa",
    "asylum": "people who came irregularly and wait for an asylum decision",
    "working": "those of them who work without permission; entered: started",
    "arrested_at_work": "entered: people arrested at work without permission",
    "weekly_target": "the target in force (returns a week, not people)",
    **{f"passed_over_{why.name.lower()}": f"entered: in scope, not selected: {told}" for why, told in WHY_NOT.items()},
})  # fmt: skip

PIPELINE = Table(
    "pipeline", "a day and stage of one replication of a scenario", said(pipeline_table),
    (
        *EACH_DAY,
        text("stage", "Stage of the exchange, of the legal route or of asylum.", STAGE_MEANINGS),
        number("stock", "people; beds, caseworkers or returns/week where the stage says so",
               "How many are in it in the evening; empty for a stage that is only entered."),
        number("entered", PEOPLE, "How many entered it on that day; empty for a stage that is only a stock."),
    ),
)  # fmt: skip

LEDGER = Table(
    "ledger", "a week of one replication of a scenario", said(ledger_table),
    (
        *RUN,
        date("week", "First day of the week; weeks are counted from the start of the run, the last may be shorter."),
        number("weekly_target", "returns/week", "The target in force on its last evening; 0 while there is none."),
        count("selected", "People selected for return in the week."),
        count("returned", "People returned in the week."),
        count("voided", "Cases that ran out of time in the week, or were open when the exchange closed."),
        count("applied", "People who applied for the legal route in the week."),
        count("chosen", "Applicants chosen in the week."),
        count("admitted", "People admitted in the week."),
        count("renewals", f"Renewals of the exchange {SO_FAR}.", "renewals"),
        count("ledger_gap", f"Returns less admissions {SO_FAR}; positive where France has taken more."),
        count("promised", "Admissions in process in the evening."),
        count("places_open", "Admissions that might begin: returns plus the float, less those promised or made."),
        count("beds", "Detention beds of the exchange.", "beds"),
        count("beds_used", "Those in use.", "beds"),
        count("caseworkers", "Caseworkers who write requests.", "caseworkers"),
        count("caseworkers_busy", "Those busy.", "caseworkers"),
        count("open_days", "Evenings of the week on which the exchange was open.", "days"),
        count("returns_paused_days", "Evenings on which returns were paused for parity.", "days"),
        count("admissions_paused_days", "Evenings on which admissions were paused for parity.", "days"),
        count("seats", "Seats of charters that flew in the week.", "seats"),
        count("planned", "People planned for those seats."),
        count("flown", "People who flew."),
        number("aware", SHARE, "Who knows of the legal route, mean over the groups."),
        number("credibility", "ratio", "How far the announced target counts as kept, as the committee's record has it; "
               "1: fully."),
    ),
)  # fmt: skip

FLIGHTS = Table(
    "flights", "a charter of one replication of a scenario", "Charter flights in the order of their days.",
    (
        *RUN,
        number("day", DAYS, "When it was due."),
        count("seats", "Its seats.", "seats"),
        count("planned", "People planned for it."),
        count("flown", "People who flew; 0 if it was cancelled."),
        flag("cancelled", "Whether it was cancelled."),
    ),
)  # fmt: skip

CASES = Table(
    "cases", "a return case of one replication of a scenario", said(cases_table),
    (
        *RUN,
        count("person", "Number of the person, the same in every scenario of a replication.", ""),
        text("group", "Group of people by origin, as the theatre names it."),
        number("arrived_day", DAYS, "When the person had arrived by boat."),
        number("selected_day", DAYS, "When they were selected for return."),
        number("requested_day", DAYS, "When the readmission request was sent; empty if it never was."),
        number("accepted_day", DAYS, "When France agreed; empty if it never did."),
        number("ready_day", DAYS, "When papers and claims were complete, for the last time; empty if they never were."),
        number("barred_day", DAYS, "When an upheld trafficking claim barred removal; empty if none did."),
        number("end_day", DAYS, "When the case ended; empty if it is open at the horizon."),
        text("end", "How it ended; empty if it is open at the horizon.", CASE_ENDS),
    ),
)  # fmt: skip

ITEM_MEANINGS = words(ITEMS, {
    "registration": "registering arrivals",
    "housing": "accommodation of people who came irregularly and wait for a decision",
    "patrols": "the UK's part of French patrols",
    "detention": "detention beds in use",
    "casework": "return cases begun",
    "claims": "claims, appeals, age disputes and injunctions",
    "flights": "charters that flew",
    "admissions": "admissions made",
    "housing_admitted": "accommodation of people admitted",
    "french_patrols": "France's part of its patrols",
    "french_replies": "readmission requests to answer",
    "french_reception": "reception and asylum in France of people returned",
})  # fmt: skip
COSTS = Table(
    "costs", "a day and item of one replication of a scenario", said(costs_table),
    (
        *EACH_DAY,
        text("item", "What is paid for.", ITEM_MEANINGS),
        text("payer", "Who pays.", words({item.payer: None for item in ITEMS.values()}, {"uk": "the UK",
                                                                                       "fr": "France"})),
        flag("of_exchange", "Whether it is a cost of the exchange."),
        number("gbp", GBP, "What it came to on that day."),
    ),
)  # fmt: skip

EXCHANGE = Family(
    "The exchange", "Written by `sim run`, `sim compare` and `sim needs`: returns, admissions and what they cost.",
    "sim/dictionary/exchange.py", (PIPELINE, LEDGER, FLIGHTS, CASES, COSTS),
)  # fmt: skip
