"""Settings in words, for sentences and charts: what each of those that the calibration or a policy turns on means."""

from __future__ import annotations

WORDS = {
    "theatre.inflow.season_amplitude": "how much of the inflow is seasonal",
    "theatre.inflow.season_peak_day": "the day on which the inflow peaks",
    "theatre.weather.median_height_m": "the usual height of the waves",
    "theatre.weather.season_log_amplitude": "how much rougher the winter is",
    "theatre.weather.roughest_day": "the roughest day of the year",
    "theatre.weather.log_spread": "how much the waves vary",
    "theatre.weather.persistence": "how long weather lasts",
    "gangs.wave_limit_m": "the waves at which gangs still launch",
    "gangs.seats_per_boat": "the seats in a boat",
    "gangs.fill_at_least": "how full a boat must be to leave",
    "gangs.nightly_boats": "the boats that a gang can launch in a night",
    "gangs.dispatched_per_day": "the supply of boats",
    "gangs.seized_share": "the share of boats that is seized",
    "patrols.units": "the number of patrol units",
    "patrols.sweep_km_per_unit": "how much coast a patrol unit sees",
    "patrols.stop_beach": "how many of the launches found are stopped",
    "passage.turn_back_share": "how many boats turn back",
    "passage.incident_share": "how often a launch ends in deaths",
    "passage.deaths_per_incident": "the deaths in one incident",
    "migrants.benefit_gbp": "what arriving is worth to people",
    "migrants.benefit_spread": "how differently people value arriving",
    "migrants.budget_gbp": "what people can pay",
    "migrants.wait_gbp_per_day": "what a day at the coast costs people",
    "migrants.nerve_gbp": "how much a failed try discourages",
    "migrants.return_loss_gbp": "what a return costs a person",
    "coast.rest_days": "how long people rest after a failed try",
    "beliefs.prior_strength": "how slowly beliefs change with news",
    "beliefs.announced_weight": "how much an announced risk weighs",
    "beliefs.memory_days": "how long news is remembered",
    "beliefs.news_delay_days": "how long news takes",
    "beliefs.credibility_adjustment": "how fast announcements lose credit",
    "beliefs.own_weight": "how much one's own experience weighs",
    "beliefs.community_voices": "how many voices a community hears",
    "beliefs.admitted_prior": "the chance of admission believed at first",
    "migrants.lorry_gbp": "what a lorry costs",
    "migrants.lorry_success": "how many get across by lorry",
    "migrants.patience_days": "how long people wait for a seat",
    "migrants.grant_benefit": "what a likely grant of asylum adds",
    "gangs.choke_price_gbp": "the price at which no boat is bought",
    "gangs.price_adjustment": "how fast fares follow demand",
    "gangs.squeeze_at_most": "how far boats are overfilled",
    "exchange.selection_share": "how many eligible arrivals may be chosen",
    "exchange.seat_attrition_share": "how many planned seats stay empty",
    "exchange.french_reply_days": "how long France takes to reply",
    "exchange.french_refusal_share": "how many requests France refuses",
    "exchange.flight_cancelled_share": "how many flights are cancelled",
    "claims.trafficking_share": "how many claim to be trafficked",
    "claims.human_rights_share": "how many make human-rights claims",
    "claims.injunction_share": "how many ask a court for a stop",
    "legal_route.awareness": "how many know of the legal route at first",
    "legal_route.other_applicants_per_week": "how many apply from elsewhere",
    "after_return.try_again_share": "how many try again after a return",
}


def setting_words(name: str) -> str:
    """A setting in words, or that of which it is a part; a setting without any goes by its name.

    >>> setting_words("gangs.seats_per_boat.2024"), setting_words("exchange.weekly_target")
    ('the seats in a boat (2024)', 'weekly target (exchange)')
    """
    whole, _, part = name.rpartition(".")
    if name in WORDS:
        return WORDS[name]
    if whole in WORDS:
        return f"{WORDS[whole]} ({part})"
    return f"{part} ({whole})".replace("_", " ").removesuffix(" ()")
