"use strict";
// What a day shows in words and numbers: the sentence, the totals, the stocks, the waves.
const replayWords = (() => {
  const channel = replayData.map.land.length > 0; // the coast that ships is the Channel's
  const [BACK, IN, COAST] = channel ? [" to France", " to the UK", "French coast"] : ["", "", "coast"];
  const ROWS = [
    ["Arrived by boat", "arrivals"],
    ["Died at sea", "deaths"],
    ["Stopped before leaving", "people_prevented"],
    ["Turned back at sea", "turned_back"],
    [`Returned${BACK}`, "returned"],
    [`Admitted${IN}`, "admitted"],
  ];
  const STOCKS = [
    [`Waiting on the ${COAST}`, (run, day) => run.coast[day], "coast"],
    ["At the arrival centre", (run, day) => run.stocks.centre?.[day] ?? 0, "coast"],
    [`Awaiting a request${BACK}`, (run, day) => run.stocks.awaiting_request?.[day] ?? 0],
    ["Awaiting the reply to it", (run, day) => run.stocks.awaiting_reply?.[day] ?? 0],
    ["Awaiting a seat on a flight", (run, day) => run.stocks.seat?.[day] ?? 0],
    ["In detention beds", (run, day) => run.stocks.bed?.[day] ?? 0, "beds"],
    ["Returned, in reception", (run, day) => run.stocks.reception?.[day] ?? 0],
    ["Applicants for the legal route", (run, day) => run.stocks.applicant?.[day] ?? 0],
    ["Applicants chosen, in checks", (run, day) => run.stocks.checks?.[day] ?? 0],
  ];
  const at = (id) => document.getElementById(id);
  const few = (count, one, more) => `${replayData.number(count)} ${count === 1 ? one : more}`;

  // Names of the sea by significant wave height (metres), as in Douglas's scale.
  const sea = (m) =>
    m < 0.1 ? "calm" : m < 0.5 ? "smooth" : m < 1.25 ? "slight" : m < 2.5 ? "moderate" : m < 4 ? "rough" : "very rough";

  function flightWords(run, day) {
    const flight = run.flights.get(day);
    if (!flight)
      return run.daily.returned[day]
        ? ` ${few(run.daily.returned[day], "person was", "people were")} returned${BACK}.`
        : "";
    if (flight.cancelled === flight.count) return " The day\u2019s flight was cancelled.";
    const seats = `${few(flight.seats, "seat", "seats")}, ${replayData.number(flight.planned)} planned`;
    const flown = `${few(flight.flown, "person was", "people were")} returned${BACK}`;
    return ` ${flown} on ${few(flight.count, "flight", "flights")} (${seats}).`;
  }

  function setOff(run, day) {
    const { boats, people, ends } = run.launches[day];
    if (!boats) return " No boat set off.";
    const told = [
      [ends[3], "got across"],
      [ends[0], "stopped on the beach"],
      [ends[1], "stopped on the water"],
      [ends[2], "turned back"],
    ]
      .filter(([count]) => count)
      .map(([count, words]) => `${replayData.number(count)} ${words}`);
    return ` ${few(boats, "boat", "boats")} with ${few(people, "person", "people")} set off: ${told.join(", ")}.`;
  }

  function sentence(run, day) {
    const { number } = replayData,
      d = run.daily,
      [from, until] = run.scenario.measured;
    const where =
      day < from
        ? "before the measured window"
        : day >= until
          ? "after the measured window"
          : `day ${number(day - from + 1)} of ${number(until - from)} measured`;
    const arrived = d.arrivals[day] ? few(d.arrivals[day], "person", "people") : "Nobody";
    const died = d.deaths[day] ? few(d.deaths[day], "person died", "people died") : "nobody died";
    const admitted = d.admitted[day] ? ` ${few(d.admitted[day], "person was", "people were")} admitted.` : "";
    const waiting = few(run.coast[day], "person waits", "people wait"),
      metres = (d.waves_cm[day] / 100).toFixed(1);
    return (
      `${replayData.weekday(day)} (${where}), ${run.scenario.label}.${setOff(run, day)} ${arrived} arrived; ${died}.` +
      `${flightWords(run, day)}${admitted} ${waiting} on the ${COAST}. Waves ${metres} m.`
    );
  }

  const cell = (tag, text, kind) => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };

  // Builds the table and the bars for a pair of runs; `show` only changes their numbers.
  function build(run, base) {
    const head = at("replay-head"),
      body = at("replay-totals");
    const columns = ["People", "This day", ...(base ? ["Policy", "Baseline", "Differs by"] : ["Total"])];
    head.replaceChildren(
      ...columns.map((name, i) => {
        const th = cell("th", name, i ? "n" : "");
        th.scope = "col";
        return th;
      }),
    );
    body.replaceChildren(
      ...ROWS.map(([name, key]) => {
        const row = document.createElement("tr"),
          th = cell("th", name);
        th.scope = "row";
        row.dataset.key = key;
        row.append(th, ...columns.slice(1).map(() => cell("td", "", "n")));
        return row;
      }),
    );
    const since = `Since ${replayData.written(run.scenario.measured[0])}, in this replication`;
    at("replay-since").textContent = base
      ? `${since}. Policy: ${run.scenario.label}. Baseline: ${base.scenario.label}.`
      : `${since}: ${run.scenario.label}.`;
    at("replay-evening").textContent = `People on this evening: ${run.scenario.label}`;
    stocks(run);
  }

  // Rows of people at a stage; stages that nobody ever reaches in this run are left out.
  function stocks(run) {
    const days = [...Array(replayData.days).keys()];
    const shown = STOCKS.filter(([, of, kind]) => kind === "coast" || days.some((day) => of(run, day) > 0));
    at("replay-stocks").replaceChildren(
      ...shown.map(([name, of, kind]) => {
        const item = document.createElement("li"),
          bar = cell("span", "", "level"),
          fill = cell("i", "");
        bar.append(fill);
        bar.setAttribute("aria-hidden", "true");
        const much = cell("span", "", "much");
        item.append(cell("span", name, "what"), much, bar);
        const most = Math.max(1, ...days.map((day) => Math.max(of(run, day), kind === "beds" ? run.beds(day) : 0)));
        item.show = (day) => {
          const people = of(run, day),
            beds = kind === "beds" ? run.beds(day) : 0;
          much.textContent = beds
            ? `${replayData.number(people)} of ${replayData.number(beds)}`
            : replayData.number(people);
          fill.style.transform = `scaleX(${people / most})`;
        };
        return item;
      }),
    );
    at("replay-none").hidden = shown.some(([, , kind]) => kind !== "coast");
  }

  function show(run, base, day) {
    for (const row of at("replay-totals").rows) {
      const mine = run.totals[row.dataset.key][day],
        theirs = base?.totals[row.dataset.key][day];
      const values = [replayData.number(run.daily[row.dataset.key][day]), replayData.number(mine)];
      if (base) values.push(replayData.number(theirs), replayData.signed(mine - theirs));
      values.forEach((value, i) => {
        row.cells[i + 1].textContent = value;
      });
    }
    for (const item of at("replay-stocks").children) item.show(day);
    const metres = run.daily.waves_cm[day] / 100;
    at("replay-day").textContent = replayData.weekday(day);
    at("replay-sea").textContent = `Sea ${sea(metres)}, waves ${metres.toFixed(1)} m`;
    at("replay-price").textContent = `A place on a boat: \u00a3${replayData.number(run.daily.price[day])}`;
    at("replay-dead").textContent = replayData.number(run.totals.deaths[day]);
    at("replay-dead-base").textContent = base ? replayData.number(base.totals.deaths[day]) : "";
    wave(metres);
  }

  // A wave as high as the day's, on a scale where four metres fill the picture.
  function wave(metres) {
    const high = Math.min(metres / 4, 1) * 9;
    let path = "M0 11";
    for (let x = 0; x < 60; x += 12) path += ` q3 ${-2 * high} 6 0 q3 ${2 * high} 6 0`;
    at("replay-wave").setAttribute("d", path);
  }

  return { build, show, sentence };
})();
