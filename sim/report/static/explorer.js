"use strict";
// The sweep explorer's controls, its live tables and words; every control and every brush is a filter of the same points.
const simExplorer = (() => {
  const P = simPoints, C = simExplorerCharts, { data, fields } = P;
  const MOST_GROUPS = 12, MOST_ROWS = 12, FIRST_OUTCOMES = 8, PAUSE = 500;  // rows of tables; ms before a selection is read out
  const byId = (id) => document.getElementById(id);
  const charts = new Map();  // by owner: {make, view, update, clear}
  const cards = new Map();   // by field: its inputs, and what they show

  const element = (kind, more = {}, ...children) => { const e = Object.assign(document.createElement(kind), more); e.append(...children); return e; };
  const option = (name) => element("option", { value: name, textContent: `${P.full(fields.get(name))}${fields.get(name).guess ? " *" : ""}` });
  const names = (kind) => [...fields.values()].filter((f) => f[kind]).map((f) => f.name);

  function choose(select, groups, chosen) {
    for (const [label, list] of groups) if (list.length) select.append(element("optgroup", { label }, ...list.map(option)));
    select.value = chosen;
  }

  // Tables: the first cell of a row names it; numbers stand at the right.
  function table(host, caption, head, rows, texts = 1) {
    const cell = (text, k, kind) => element(kind, { textContent: text, className: k >= texts ? "n" : "" });
    const top = head.map((text, k) => Object.assign(cell(text, k, "th"), { scope: "col" }));
    const body = rows.map((row) => element("tr", {}, ...row.map((text, k) => (k ? cell(text, k, "td") : Object.assign(text.nodeType ? element("th", {}, text) : cell(text, 0, "th"), { scope: "row" })))));
    host.replaceChildren(element("table", {}, element("caption", { textContent: caption }), element("thead", {}, element("tr", {}, ...top)), element("tbody", {}, ...body)));
  }

  const headline = fields.get(data.headline);
  const aimHead = data.aim ? ["meet the aim", "share"] : [];
  const aimCells = (count, member) => { const met = data.aim ? P.meeting(member) : 0; return data.aim ? [met.toLocaleString("en-GB"), P.percent(met, count)] : []; };

  function groupRows() {
    const whole = { label: "All selected points", count: P.count, of: P.n, member: P.mask };
    const several = P.policies > 1 && P.policies <= MOST_GROUPS && data.futures.length > 1;
    const rest = several ? P.groups(P.policy, Array.from({ length: P.policies }, (_, k) => P.named(P.policy.indexOf(k), false)))
      : data.sources.length > 1 ? P.groups(data.source, data.sources) : [];
    return [whole, ...rest].map((g) => [g.label, `${g.count.toLocaleString("en-GB")} of ${g.of.toLocaleString("en-GB")}`, ...aimCells(g.count, g.member), ...P.quantiles(headline, [0.5, 0, 1], g.member).map((v) => P.told(headline, v))]);
  }

  function tables() {
    table(byId("explorer-groups"), `${P.axis(headline)}, of the selected points`, ["points", "selected", ...aimHead, "median", "lowest", "highest"], groupRows());
    const shown = names("outcome").slice(0, byId("explorer-more").checked ? undefined : FIRST_OUTCOMES).map((name) => fields.get(name));
    table(byId("explorer-outcomes"), "Outcomes of the selected points", ["outcome", "median", "lowest", "highest", "median of all"],
      shown.map((f) => [P.axis(f), ...P.quantiles(f, [0.5, 0, 1]).map((v) => P.told(f, v)), P.told(f, f.middle ??= P.quantiles(f, [0.5], new Uint8Array(P.n).fill(1))[0])]));
    const y = fields.get(byId("explorer-y").value), deaths = fields.get("deaths_together") ?? fields.get("deaths");
    const list = listed(y, byId("explorer-sort").value);
    const beside = deaths && deaths !== y ? [deaths] : [];
    const head = (f) => (f.ends ? `${P.axis(f)}, 95 % interval` : P.axis(f));
    table(byId("explorer-points"), `Selected points, ${LISTED[byId("explorer-sort").value]} ${y.title.toLowerCase()}: ${list.length} of ${P.count.toLocaleString("en-GB")}`,
      ["point", head(y), ...beside.map(head), ...(data.aim ? ["aim"] : [])],
      list.map((i) => [settingsOf(i), ...[y, ...beside].map((f) => P.withInterval(f, i).replace(` ${f.unit}`, "").replace("95 % interval ", "")), ...(data.aim ? [P.at(fields.get("aim"), i)] : [])]), 9);
  }

  // Some of the selected points: those in the middle, unless a reader asks for an end.
  const LISTED = { middle: "those nearest to the median of", low: "those with the lowest", high: "those with the highest" };
  function listed(field, sort) {
    const mine = [...P.order(field)].filter((i) => P.mask[i]);
    if (sort === "low") return mine.slice(0, MOST_ROWS);
    if (sort === "high") return mine.slice(-MOST_ROWS).reverse();
    const from = Math.max(0, Math.floor((mine.length - MOST_ROWS) / 2));
    return mine.slice(from, from + MOST_ROWS);
  }

  // A point's name; where futures differ it opens to its settings, which is the keyboard's way to what pointing tells.
  const opened = new Set();
  function settingsOf(i) {
    const mine = data.settings.filter((s) => s.by !== "row").map((s) => fields.get(s.name));
    if (!mine.length) return P.named(i);
    const details = element("details", { open: opened.has(i) }, element("summary", { textContent: P.named(i) }));
    const fill = () => { if (details.children.length === 1) details.append(element("ul", {}, ...mine.map((f) => element("li", { textContent: `${P.full(f)}: ${P.at(f, i)}` })))); };
    if (details.open) fill();
    details.addEventListener("toggle", () => { if (details.open) { opened.add(i); fill(); } else opened.delete(i); });
    return details;
  }

  let reading = 0;
  function tell() {
    const met = data.aim ? `; ${P.percent(P.meeting(), P.count)} of them meet the aim` : "";
    const [middle, low, high] = P.quantiles(headline, [0.5, 0, 1]).map((v) => P.told(headline, v));
    const text = P.whole ? `All ${P.n.toLocaleString("en-GB")} points are shown; nothing is selected${met}.`
      : !P.count ? `No point is selected by ${P.filterWords()}.`
      : `Selected: ${P.count.toLocaleString("en-GB")} of ${P.n.toLocaleString("en-GB")} points${met}. ${headline.title}: median ${middle}, ${low} to ${high} ${headline.unit}. Selected by ${P.filterWords()}.`;
    byId("explorer-words").textContent = text;
    clearTimeout(reading);
    reading = setTimeout(() => { byId("explorer-said").textContent = text; }, PAUSE);
  }

  // Everything follows the selection: charts, tables, inputs, words.
  function refresh() {
    P.select();
    for (const { update } of charts.values()) update?.();
    tables();
    for (const card of cards.values()) card.show();
    tell();
  }

  let waiting = false;
  function soon() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; refresh(); });
  }

  // A brush replaces what its chart selected before; what another chart or an input held for the same field gives way.
  C.listen((owner, found) => {
    for (const [name, f] of [...P.filters]) if (f.owner === owner) P.filter(name, null);
    for (const [name, range] of Object.entries(found)) { release(name, owner); P.filter(name, range, owner); }
    soon();
  });

  function release(name, taker) {
    const owner = P.filters.get(name)?.owner;
    if (!owner || owner === "inputs" || owner === taker) return;
    for (const [other, f] of P.filters) if (f.owner === owner) P.filter(other, f, "inputs");
    charts.get(owner)?.clear?.();
  }

  function set(name, range) { release(name, "inputs"); P.filter(name, range); soon(); }

  function clear() {
    P.filters.clear();
    for (const chart of charts.values()) chart.clear?.();
    soon();
  }

  // Range inputs for numbers, boxes to tick for words: the keyboard's way to the same selection.
  function ranges(field) {
    const inputs = ["from", "to"].map(() => element("input", { type: "number", step: "any", min: field.low, max: field.high }));
    const fault = element("p", { className: "fault" });
    inputs.forEach((input, k) => input.setAttribute("aria-label", `${P.full(field)}, ${k ? "to" : "from"}`));
    const read = () => {
      const [low, high] = inputs.map((input) => (input.value === "" ? NaN : Number(input.value)));
      const range = { low: Number.isNaN(low) ? -Infinity : low, high: Number.isNaN(high) ? Infinity : high };
      set(field.name, Number.isNaN(low) && Number.isNaN(high) ? null : range);
    };
    inputs.forEach((input) => input.addEventListener("change", read));
    const round = (v) => (Number.isFinite(v) ? String(Number(v.toPrecision(4))) : "");
    const show = () => {
      const f = P.filters.get(field.name);
      inputs.forEach((input, k) => { if (input !== document.activeElement) input.value = f ? round(k ? f.high : f.low) : ""; });
      const wrong = f ? P.outside(field, f) : "";
      fault.textContent = wrong && `No point: ${wrong}.`;
      inputs.forEach((input) => input.setAttribute("aria-invalid", String(Boolean(wrong))));
    };
    return { parts: [element("span", { className: "range" }, ...["from ", "to "].map((word, k) => element("label", {}, word, inputs[k]))), fault], show };
  }

  // A box is ticked where all points of its word are selected, half where some are, empty where none is.
  function ticks(field) {
    const boxes = field.labels.map((_, code) => element("input", { type: "checkbox", checked: true, value: code }));
    const counts = boxes.map(() => element("span", { className: "soft" }));
    const read = (code) => {
      const all = boxes.map((_, other) => other), now = new Set(P.filters.get(field.name)?.kept ?? all);
      if (now.has(code)) now.delete(code); else now.add(code);
      set(field.name, now.size === boxes.length ? null : { kept: now });
    };
    boxes.forEach((box, code) => box.addEventListener("change", () => read(code)));
    const show = () => P.groups(field.codes, field.labels).forEach(({ count, of }, code) => {
      Object.assign(boxes[code], { checked: count > 0, indeterminate: count > 0 && count < of });
      counts[code].textContent = count === of ? "" : ` ${count.toLocaleString("en-GB")} of ${of.toLocaleString("en-GB")}`;
    });
    return { parts: boxes.map((box, code) => element("label", {}, box, ` ${field.labels[code]}`, counts[code])), show };
  }

  function extremes(field) {
    let low = Infinity, high = -Infinity;
    for (let i = 0; i < P.n; i++) if (P.mask[i]) { const v = field.numbers[i]; if (v < low) low = v; if (v > high) high = v; }
    const all = `${P.told(field, field.low)} to ${P.told(field, field.high)}`;
    return P.whole ? `all points: ${all}` : P.count ? `selected: ${P.told(field, low)} to ${P.told(field, high)}; all: ${all}` : `selected: none; all: ${all}`;
  }

  function card(name, bars = true) {
    const field = fields.get(name), owner = `card ${name}`;
    if (cards.has(name)) return;
    const { parts, show } = field.words ? ticks(field) : ranges(field);
    const span = element("span", { className: "soft" });
    const legend = element("legend", { textContent: `${P.full(field)} ` }, ...(field.guess ? [element("span", { className: "guess", textContent: "guess" })] : []), ...(field.setting ? [element("span", { className: "coded", textContent: ` ${field.name}` })] : []));
    const place = element("div", { className: "bars" });
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", `${field.title}: how many points, and how many selected points, have each value`);
    const box = element("fieldset", { className: "card" }, legend, ...(bars ? [place] : []), element("div", { className: "pick" }, ...parts), span);
    byId(bars ? "explorer-cards" : "explorer-outcome-cards").append(box);
    cards.set(name, { box, show: () => { show(); span.textContent = field.words ? "" : extremes(field); } });
    if (bars) lazily(owner, place, () => C.histogram(place, owner, field));
    cards.get(name).show();
  }

  // Charts are made when they come near the window, and again when theme or axes change.
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { near.unobserve(entry.target); entry.target.make(); }
  }, { rootMargin: "600px" });

  function lazily(owner, place, make) {
    const chart = { place, make: async () => {
      chart.view?.finalize();
      Object.assign(chart, await make());
      place.dataset.drawn = "true";
    } };
    charts.set(owner, chart);
    place.make = chart.make;
    near.observe(place);
  }

  const value = (id) => byId(id).value;
  function axes() {
    for (const id of ["explorer-x", "explorer-y", "explorer-x2", "explorer-y2"]) {
      const field = fields.get(value(id));
      if (field.setting) card(field.name); else if (!cards.has(field.name)) card(field.name, false);
    }
    for (const name of names("outcome")) {
      const used = [value("explorer-x"), value("explorer-y"), value("explorer-x2"), value("explorer-y2")].includes(name) || P.filters.has(name);
      if (cards.has(name)) cards.get(name).box.hidden = !used;
    }
  }

  function redraw(...owners) {
    axes();
    for (const owner of owners) {
      for (const [name, f] of P.filters) if (f.owner === owner) P.filter(name, f, "inputs");
      if (charts.get(owner).place.dataset.drawn) charts.get(owner).make();
    }
    soon();
  }

  function begin() {
    const settings = names("setting"), found = names("outcome"), begun = data.axes;
    const guess = settings.some((name) => fields.get(name).guess) ? " (* guess)" : "";
    const kinds = [["Outcomes", found], [`Settings${guess}`, settings]];
    choose(byId("explorer-x"), [kinds[1], kinds[0]], begun.x);
    choose(byId("explorer-y"), [kinds[0]], begun.y);
    choose(byId("explorer-x2"), kinds, begun.x2);
    choose(byId("explorer-y2"), [kinds[0]], begun.y2);
    choose(byId("explorer-colour"), [["Points", ["scenario", "aim"].filter((name) => fields.has(name))], kinds[1]], begun.colour);
    if (fields.has("scenario")) card("scenario");
    settings.slice(0, data.shown).forEach((name) => card(name));
    const rest = settings.slice(data.shown);
    byId("explorer-other").parentElement.hidden = !rest.length;
    byId("explorer-other").append(...rest.map(option));
    byId("explorer-other").addEventListener("change", (event) => { if (event.target.value) card(event.target.value); event.target.value = ""; });
    lazily("first", byId("explorer-first"), () => C.scatter(byId("explorer-first"), "first", value("explorer-x"), value("explorer-y"), value("explorer-colour")));
    lazily("second", byId("explorer-second"), () => C.scatter(byId("explorer-second"), "second", value("explorer-x2"), value("explorer-y2"), value("explorer-colour")));
    const bars = byId("explorer-intervals");
    if (bars) lazily("intervals", bars, () => C.intervals(bars, value("explorer-colour")));
    for (const id of ["explorer-x", "explorer-y"]) byId(id).addEventListener("change", () => redraw("first"));
    for (const id of ["explorer-x2", "explorer-y2"]) byId(id).addEventListener("change", () => redraw("second"));
    byId("explorer-colour").addEventListener("change", () => redraw(...["first", "second", "intervals"].filter((name) => charts.has(name))));
    byId("explorer-clear").addEventListener("click", clear);
    byId("explorer-meets")?.addEventListener("click", () => set("aim", { kept: new Set([...data.aim.labels.keys()].slice(1)) }));
    byId("explorer-misses")?.addEventListener("click", () => set("aim", { kept: new Set([0]) }));
    for (const id of ["explorer-more", "explorer-sort"]) byId(id).addEventListener("change", soon);
    document.addEventListener("sim-theme", () => { for (const chart of charts.values()) if (chart.place.dataset.drawn) chart.make(); });
    redraw();
  }

  begin();
  return { set, clear, refresh, charts };
})();
