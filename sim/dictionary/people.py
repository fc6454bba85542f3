"""Tables of people one by one: what became of each, and every event on the way. Written with `--record people`."""

from sim.dictionary.declared import DAYS, RUN, Family, Table, count, date, flag, labelled, number, text, words
from sim.domain.population import Age
from sim.records.people_tables import OUTCOMES
from sim.records.recorder import Happened

PERSON = count("person", "Number of the person, the same in every scenario of a replication.", "")
OUTCOME_MEANINGS = words(sorted(set(OUTCOMES.values())), {
    "admitted": "admitted to the UK by the legal route",
    "applicant": "applied for the legal route, not admitted yet",
    "at_coast": "at the coast, waiting or aboard",
    "died": "died at sea, or on the way by lorry or ferry",
    "france_asylum": "asked for asylum in France after a return",
    "in_lorry": "on the way by lorry or ferry",
    "in_uk": "in the UK, having come by boat or lorry",
    "on_the_way": "on the way to the coast",
    "return_case": "in the UK, in a return case",
    "returned": "returned, in reception in France",
    "settled_elsewhere": "gave up the crossing and settled elsewhere, or moved on after a return",
    "stayed_away": "decided against the journey",
    "went_home": "went home, from the coast or after a return",
})  # fmt: skip
AGES = labelled(Age, {
    Age.ADULT: "18 or over", Age.ACCOMPANIED_MINOR: "under 18, with a family",
    Age.UNACCOMPANIED_MINOR: "under 18, alone; outside the exchange's scope",
})  # fmt: skip
EVENTS = labelled(Happened, {
    Happened.REACHED_COAST: "came to the coast to cross",
    Happened.JOINED_QUEUE: "became a gang's customer",
    Happened.TRIED: "was on a boat that was launched or stopped on the beach",
    Happened.PREVENTED: "was stopped on the beach, or on the water before boarding",
    Happened.TURNED_BACK: "was brought back to France from the sea",
    Happened.ARRIVED: "arrived in the UK by boat",
    Happened.DIED: "died at sea",
    Happened.LEFT_QUEUE: "left a gang's queue without a boat",
    Happened.TRIED_LORRY: "tried by lorry or ferry",
    Happened.ARRIVED_BY_LORRY: "arrived in the UK by lorry or ferry, seen or not",
    Happened.SETTLED: "gave up the crossing and settled elsewhere",
    Happened.APPLIED: "applied for the legal route",
    Happened.CHOSEN: "was chosen for the legal route",
    Happened.FAILED_CHECKS: "failed its checks, or was refused the visa",
    Happened.LAPSED: "was not chosen in time: the application lapsed",
    Happened.ADMITTED: "was admitted to the UK",
    Happened.REGISTERED: "was registered after a landing",
    Happened.SELECTED: "was selected for return",
    Happened.REFUSED_BY_FRANCE: "return case over: France refused",
    Happened.CLAIM_RAISED: "raised a trafficking claim",
    Happened.CLAIM_UPHELD: "return case over: a trafficking claim was upheld for good, or outlasted it",
    Happened.HUMAN_RIGHTS_UPHELD: "return case over: a human-rights claim was upheld",
    Happened.MISSED_FLIGHT: "missed the seat planned for them",
    Happened.VOIDED: "return case over: out of time, or the exchange closed",
    Happened.RETURNED: "was returned to France",
    Happened.TRIES_AGAIN: "went back to the coast after a return",
    Happened.CLAIMED_IN_FRANCE: "asked for asylum in France after a return",
    Happened.WENT_HOME: "went home after a return",
    Happened.MOVED_ON: "moved on elsewhere after a return",
    Happened.GRANTED: "was granted asylum",
    Happened.REFUSED_ASYLUM: "was refused asylum",
    Happened.STAYED_AWAY: "decided against the journey",
    Happened.REQUESTED: "the readmission request was sent",
    Happened.ACCEPTED_BY_FRANCE: "France agreed to the return",
    Happened.READY: "papers and claims were complete: ready for a flight",
    Happened.HUMAN_RIGHTS_RAISED: "raised a human-rights claim",
    Happened.APPEALED: "appealed against the refusal of that claim",
    Happened.APPEAL_ALLOWED: "return case over: the appeal was allowed",
    Happened.AGE_DISPUTED: "disputed their age",
    Happened.FOUND_MINOR: "return case over: found to be an unaccompanied minor",
    Happened.INJUNCTION_ASKED: "asked a court to stop the removal",
    Happened.INJUNCTION_STOPPED: "return case over: the court stopped the removal",
    Happened.BIOMETRICS_GIVEN: "gave biometrics for the legal route",
    Happened.STARTED_WORK: "began to work without permission",
    Happened.ARRESTED_AT_WORK: "was arrested at work",
    Happened.REQUEST_TOO_LATE: "return case over: the request could not be sent in time",
    Happened.REFUSED_FOR_IMBALANCE: "return case over: France refused since admissions lagged behind returns",
    Happened.BARRED: "an upheld trafficking claim barred removal for a time",
    Happened.DIED_IN_LORRY: "died on the way by lorry or ferry",
    Happened.LEFT_FOR_HOME: "gave up the crossing and went home",
    Happened.BROUGHT_FORWARD: "set out earlier than planned, to be ahead of an announced opening",
})  # fmt: skip

PEOPLE = Table(
    "people", "a person who came, might have come or applied, in one replication of a scenario",
    "What became of each; the measured window runs from `measure_from` to the horizon.",
    (
        *RUN,
        PERSON,
        text("group", "Group of people by origin, as the theatre names it."),
        text("age_class", "Age class at arrival.", AGES),
        flag("uk_links", "Whether they have family or others in the UK."),
        flag("reached_coast", "Whether they ever came to the coast to cross."),
        count("attempts", "Tries by boat in the whole run, warm-up included.", "tries"),
        text("outcome", "Where they are at the horizon.", OUTCOME_MEANINGS),
        date("outcome_date", "Day of their last event."),
        text("sector", "Sector of their last launch, a place of `places`; empty if there was none."),
        text("mode", "How they came to the UK; empty if they did not.", {
            "boat": "by small boat", "lorry": "by lorry or ferry, at least once"}),
        number("uk_day", DAYS, "Latest arrival by boat; empty if there was none."),
        count("times_returned", "How often they were returned to France.", "returns"),
        count("boat_arrivals", "Arrivals by boat in the measured window.", "arrivals"),
        number("first_arrival_day", DAYS, "The first of those; empty if there was none."),
    ),
)  # fmt: skip

JOURNEYS = Table(
    "journeys", "an event of a person of one replication of a scenario",
    "Everything that happened to people, in order of time.",
    (
        *RUN,
        number("day", DAYS, "When it happened."),
        PERSON,
        text("event", "What happened.", EVENTS),
    ),
)  # fmt: skip

ONE_BY_ONE = Family(
    "People", "Written with `--record people`: simulated people one by one. Millions of rows.",
    "sim/dictionary/people.py", (PEOPLE, JOURNEYS),
)  # fmt: skip
