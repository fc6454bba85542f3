"use strict";
// The replay's data, decoded: boats by their hour, days, running totals. Days count from the first day of the run.
const replayData = (() => {
  const MINUTES = 1440;
  const raw = JSON.parse(document.getElementById("replay-data").textContent);
  const [PREVENTED, INTERCEPTED, TURNED_BACK, ARRIVED] = [0, 1, 2, 3];
  const start = Date.parse(`${raw.start}T00:00:00Z`);
  const months = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
  ];
  const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

  const date = (day) => new Date(start + day * MINUTES * 60000);
  const written = (day) => {
    const d = date(day);
    return `${d.getUTCDate()} ${months[d.getUTCMonth()]} ${d.getUTCFullYear()}`;
  };
  const weekday = (day) => `${weekdays[date(day).getUTCDay()]} ${written(day)}`;
  const number = (value) => Math.round(value).toLocaleString("en-GB").replace("-", "\u2212");
  const signed = (value) => (value > 0 ? "+" : "") + number(value);

  // First position in a sorted array whose value is at least `value`.
  function firstFrom(sorted, value) {
    let low = 0,
      high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function decodeBoats(given) {
    const count = given.people.length;
    const launched = new Float64Array(count),
      ended = new Float64Array(count),
      dead = new Uint16Array(count);
    let minutes = 0;
    for (let i = 0; i < count; i++) {
      minutes += given.launched[i];
      launched[i] = minutes / MINUTES;
      ended[i] = (minutes + given.took[i]) / MINUTES;
    }
    for (const [boat, people] of given.dead) dead[boat] = people;
    return {
      count,
      launched,
      ended,
      dead,
      people: given.people,
      camp: given.camp,
      sector: given.sector,
      landing: given.landing,
      end: given.end,
    };
  }

  // In the model a boat meets its accident, and turns back, half-way: a record of a boat that turned back ends there.
  const deathsOf = (boats) =>
    [...boats.dead.keys()]
      .filter((i) => boats.dead[i])
      .map((i) => ({
        boat: i,
        people: boats.dead[i],
        at: boats.end[i] === ARRIVED ? (boats.launched[i] + boats.ended[i]) / 2 : boats.ended[i],
      }));

  // Launches of each day by how they end.
  function launchesOf(boats) {
    const days = Array.from({ length: raw.days }, () => ({ boats: 0, people: 0, ends: [0, 0, 0, 0] }));
    for (let i = 0; i < boats.count; i++) {
      const day = days[Math.min(Math.floor(boats.launched[i]), raw.days - 1)];
      day.boats += 1;
      day.people += boats.people[i];
      day.ends[boats.end[i]] += 1;
    }
    return days;
  }

  // Sums from the first measured day to each day; nothing before it.
  function sums(values, [from, until]) {
    const totals = new Int32Array(raw.days);
    for (let day = from, total = 0; day < raw.days; day++) totals[day] = total += day < until ? values[day] : 0;
    return totals;
  }

  // The beds from each change on.
  function bedsOn(changes, day) {
    let beds = 0;
    for (const [from, count] of changes) if (from <= day) beds = count;
    return beds;
  }

  function decode(run) {
    const boats = decodeBoats(run.boats),
      scenario = raw.scenarios[run.scenario];
    const totals = Object.fromEntries(
      Object.entries(run.daily).map(([name, values]) => [name, sums(values, scenario.measured)]),
    );
    const coast = Array.from({ length: raw.days }, (_, day) => run.waiting.reduce((all, camp) => all + camp[day], 0));
    const flights = new Map();
    for (const [day, seats, planned, flown, cancelled] of run.flights) {
      const known = flights.get(day) ?? { seats: 0, planned: 0, flown: 0, cancelled: 0, count: 0 };
      flights.set(day, {
        seats: known.seats + seats,
        planned: known.planned + planned,
        flown: known.flown + flown,
        cancelled: known.cancelled + cancelled,
        count: known.count + 1,
      });
    }
    return {
      ...run,
      boats,
      totals,
      coast,
      flights,
      scenario,
      deaths: deathsOf(boats).sort((a, b) => a.at - b.at),
      launches: launchesOf(boats),
      beds: (day) => bedsOn(run.beds, day),
    };
  }

  const decoded = new Map();
  function run(scenario, replication) {
    const key = `${scenario} ${replication}`;
    if (!decoded.has(key))
      decoded.set(key, decode(raw.runs.find((r) => r.scenario === scenario && r.replication === replication)));
    return decoded.get(key);
  }

  const most = (of) => Math.max(1, ...raw.runs.flatMap((r) => of(r) ?? [0]));
  const baseline = raw.scenarios.findIndex((s) => s.baseline);
  return {
    ...raw,
    run,
    most,
    baseline,
    date,
    written,
    weekday,
    number,
    signed,
    firstFrom,
    months,
    PREVENTED,
    INTERCEPTED,
    TURNED_BACK,
    ARRIVED,
  };
})();
