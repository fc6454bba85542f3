"use strict";
// The explorer's charts: scatters of two fields, bars of a setting, intervals of the policies. Each brush is a filter.
const simExplorerCharts = (() => {
  const P = simPoints, { data, fields } = P;
  const PALETTE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"];
  const SHADES = {  // of viridis, without the end that vanishes on the page
    light: ["#440154", "#433d84", "#31688e", "#21918c", "#35b779", "#8fd744"],
    dark: ["#4d6fb3", "#2d8ea0", "#1fa88b", "#3fc77a", "#8fd744", "#fde725"],
  };
  const MOST_COLOURS = 6, MOST_INTERVALS = 60, MOST_LINES = 200, MANY = 600, FAINT = 0.04, BINS = 16, ROW = 20;
  const drawn = data.drawn ?? [...Array(P.n).keys()];
  const tip = document.getElementById("explorer-tip");
  let brushed = () => {};  // told (owner, {field: range}) when a reader brushes

  const dark = () => simPage.isDark();
  const colours = () => (dark() ? PALETTE.map((c) => (c === "#0072B2" ? "#4aa8e0" : c)) : PALETTE);

  // Long titles go over several lines.
  function lined(text, most = 46) {
    const lines = [""];
    for (const word of text.split(" ")) {
      if (lines.at(-1) && lines.at(-1).length + word.length >= most) lines.push(word); else lines[lines.length - 1] = `${lines.at(-1)} ${word}`.trim();
    }
    return lines;
  }

  // How a field colours the points: as words, each with a shape, or as a scale of numbers.
  function colouring(name) {
    const field = fields.get(name);
    if (!field) return { of: () => "all", scale: { domain: ["all"], range: [colours()[0]] }, type: "nominal", legend: null };
    const levels = field.words ? null : [...new Set(field.numbers)].sort((a, b) => a - b);
    if (levels && levels.length > MOST_COLOURS) {
      return { of: (i) => field.numbers[i], type: "quantitative", scale: { scheme: "viridis", ...extent() }, legend: { title: lined(P.full(field)), titleLimit: 300 }, wide: true };
    }
    const labels = levels ? levels.map(P.said) : field.labels;
    const scale = { domain: labels, range: levels ? steps(labels.length) : aimed(field) };
    return { of: (i) => P.at(field, i), type: "nominal", scale, legend: { title: lined(P.full(field)), titleLimit: 300, labelLimit: 220, columns: 2 }, labels };
  }
  const steps = (count) => {  // numbers get colours in order
    const shades = SHADES[dark() ? "dark" : "light"];
    return Array.from({ length: count }, (_, k) => shades[Math.round((k / Math.max(count - 1, 1)) * (shades.length - 1))]);
  };
  const extent = () => ({ extent: dark() ? [0.25, 1] : [0, 0.85] });
  const aimed = (field) => {
    const [blue, orange] = colours();
    return field.name !== "aim" ? colours() : field.labels.length < 3 ? [orange, blue] : [orange, dark() ? "#9fd0f0" : "#56B4E9", blue];
  };

  // Points that are not selected are grey and pale; paler still where they are many.
  function paint(spec, c) {
    for (const { encoding } of spec.layer) {
      if (!encoding.color) continue;
      const colour = { field: "c", type: c.type, scale: c.scale, legend: c.legend, sort: null };
      const test = encoding.opacity?.condition.test;
      encoding.color = test ? { condition: { test, ...colour }, value: "#8d8d96" } : colour;
      if (test && encoding.y2 === undefined && drawn.length > MANY) encoding.opacity.value = FAINT;
      if (!encoding.shape) continue;
      if (c.wide || c.legend === null) delete encoding.shape;
      else { encoding.shape.scale.domain = c.labels; encoding.shape.legend = c.legend; encoding.shape.type = c.type; encoding.shape.sort = null; }
    }
  }

  function pointTip(i, x, y) {
    const lines = [P.named(i)];
    for (const s of data.settings.slice(0, 8)) if (s.by !== "row") lines.push(`${P.full(fields.get(s.name))}: ${P.at(fields.get(s.name), i)}`);
    for (const name of new Set([y, x, "deaths", "lorry_deaths", "deaths_together"])) { const f = fields.get(name); if (f?.outcome) lines.push(`${f.title}: ${P.withInterval(f, i)}`); }
    if (data.aim) lines.push(`aim: ${P.at(fields.get("aim"), i)}`);
    const r = data.replications[i];
    return [...lines, `${r} replication${r === 1 ? "" : "s"}`];
  }

  // Words from the data are text, never markup.
  const teller = (tell) => (handler, event, item, value) => {
    tip.hidden = !value || !Object.hasOwn(value, "i");
    if (tip.hidden) return;
    tip.replaceChildren(...tell(value).map((line) => Object.assign(document.createElement("div"), { textContent: line })));
    tip.style.left = `${Math.max(4, Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${event.clientY + 14 + tip.offsetHeight > innerHeight ? event.clientY - tip.offsetHeight - 10 : event.clientY + 14}px`;
  };

  async function embed(place, spec, tooltip) {
    const result = await vegaEmbed(place, { ...spec, description: place.ariaLabel }, { actions: false, renderer: "canvas", config: simCharts.ink(dark()), ast: false, tooltip });
    place.classList.toggle("drawn-dark", dark());
    return result.view;
  }

  const copy = (name) => structuredClone(simCharts.specs[name]);
  const wordy = (field) => (field.words ? { type: "nominal", sort: field.labels } : {});

  function lines(x) {
    const field = fields.get(x);
    if (!field.setting || field.words || data.futures.length > 1 || P.n > MOST_LINES) return () => null;
    const others = data.settings.filter((s) => s.name !== x).map((s) => fields.get(s.name));
    return (i) => [data.source[i], ...others.map((f) => f.values[i])].join(" ");
  }

  // A scatter of field y against field x; brushing it is a range of both.
  async function scatter(place, owner, x, y, colour) {
    const [fx, fy] = [fields.get(x), fields.get(y)], spec = copy("scatter"), c = colouring(colour), group = lines(x);
    const ends = P.n <= MOST_INTERVALS && fy.ends;
    const rows = drawn.filter((i) => fx.words || Number.isFinite(fx.numbers[i])).map((i) => ({
      i, u: fx.words ? fx.labels[fx.codes[i]] : fx.numbers[i], v: fy.numbers[i], c: c.of(i), g: group(i), o: fx.values[i],
      low: ends ? ends[0][i] : null, high: ends ? ends[1][i] : null,
    })).filter((r) => Number.isFinite(r.v));
    const line = (name) => data.aim?.lines[name] ?? null;
    const coloured = fields.has(colour) ? `, coloured by ${fields.get(colour).title}` : "";
    spec.description = `Scatter of ${rows.length} points: ${P.axis(fy)} against ${P.axis(fx)}${coloured}. The tables below tell the same in numbers.`;
    spec.datasets = { points: rows, aims: [{ u: line(x), v: line(y) }] };
    spec.layer = spec.layer.filter(({ data: of, encoding }) => of.name !== "aims" || line(encoding.x ? x : y) !== null);
    if (rows.every((row) => row.g === null)) spec.layer = spec.layer.filter(({ mark }) => mark.type !== "line");
    if (!ends) spec.layer = spec.layer.filter(({ encoding }) => !encoding.y2);
    for (const { encoding } of spec.layer) {
      if (encoding.x) Object.assign(encoding.x, wordy(fx), { axis: { title: lined(P.axis(fx)), titleLimit: 340, labelLimit: 110, tickCount: 6 } });
      if (encoding.x && !fx.words) encoding.x.scale = { zero: false, padding: 14 };
      if (encoding.y) encoding.y.axis = { title: lined(P.axis(fy)), titleLimit: 340, tickCount: 7 };
    }
    paint(spec, c);
    const view = await embed(place, spec, teller((row) => pointTip(row.i, x, y)));
    const update = () => view.signal("mask", P.whole ? null : P.mask).runAsync();
    view.addSignalListener("brush", (_, value) => brushed(owner, ranges(value, { u: fx, v: fy })));
    await update();
    return { view, update, clear: () => view.signal("brush_x", [0, 0]).signal("brush_y", [0, 0]).runAsync() };
  }

  // What a brush holds, as a filter for each field: a range of numbers or a set of words.
  function ranges(value, by) {
    const found = {};
    for (const [key, part] of Object.entries(value)) {
      const field = by[key];
      if (!field || !part?.length) continue;
      if (field.words) found[field.name] = { kept: new Set(part.map((label) => field.labels.indexOf(label))) };
      else found[field.name] = { low: Math.min(...part), high: Math.max(...part) };
    }
    return found;
  }

  // The values of a setting as bars: every value where there are few, else bins.
  function bars(field) {
    const levels = field.words ? field.labels.map((_, code) => code) : [...new Set(field.numbers)].sort((a, b) => a - b);
    const few = field.words || field.few || field.low === field.high;
    const count = Math.max(6, Math.min(BINS, Math.ceil(1.5 * Math.sqrt(levels.length))));
    const width = (field.high - field.low) / count;
    const place = few ? ((places) => (v) => places.get(v))(new Map(levels.map((v, k) => [v, k])))
      : (v) => Math.min(count - 1, Math.floor((v - field.low) / width));
    const codes = Int32Array.from(field.values, place);
    const shown = few ? levels.map((v) => ({ k: field.words ? field.labels[v] : P.said(v), v }))
      : Array.from({ length: count }, (_, k) => ({ k: field.low + k * width, k2: field.low + (k + 1) * width }));
    const all = new Float64Array(shown.length);
    for (const code of codes) all[code]++;
    const now = () => {
      const chosen = new Float64Array(shown.length), { mask } = P;
      for (let i = 0; i < P.n; i++) if (mask[i]) chosen[codes[i]]++;
      return shown.map((row, k) => ({ ...row, i: k, all: all[k], chosen: chosen[k] }));
    };
    return { few, levels, now };
  }

  async function histogram(place, owner, field) {
    const told = bars(field), spec = copy(told.few ? "levels" : "bins");
    spec.description = `Bars: how many points, and how many selected points, have each value of ${P.full(field)}.`;
    spec.datasets = { bars: told.now() };
    spec.layer[0].mark.color = dark() ? "#4a4a54" : "#cfcfd6";
    spec.layer[1].mark.color = colours()[0];
    if (field.words) for (const { encoding } of spec.layer) encoding.x.axis = { labelAngle: 0, labelOverlap: false, labelLimit: (place.clientWidth - 50) / told.levels.length };
    const view = await embed(place, spec, () => {});
    const labels = told.few ? told.now().map((row) => row.k) : [];
    view.addSignalListener("brush", (_, value) => {
      const [part] = Object.values(value);
      if (!part?.length) return brushed(owner, {});
      if (field.words) return brushed(owner, ranges({ k: part }, { k: field }));
      const ends = told.few ? part.map((label) => told.levels[labels.indexOf(label)]) : part;
      return brushed(owner, { [field.name]: { low: Math.min(...ends), high: Math.max(...ends) } });
    });
    const update = () => view.data("bars", told.now()).runAsync();
    return { view, update, clear: () => view.signal("brush_x", [0, 0]).runAsync() };
  }

  // Policies with the interval of their outcome, or the median and nine tenths of their selected futures.
  async function intervals(place, colour) {
    const field = fields.get(data.headline), c = colouring(colour), spec = copy("intervals"), alone = data.futures.length === 1;
    const first = Array.from({ length: P.policies }, (_, k) => P.policy.indexOf(k));
    const now = () => P.groups(P.policy, first.map((i) => P.named(i, false))).map((group, k) => {
      const i = first[k], part = group.count ? group.member : Uint8Array.from(P.policy, (p) => p === k);
      const [x, low, high] = alone ? [field.numbers[i], ...(field.ends?.map((end) => end[i]) ?? [NaN, NaN])] : P.quantiles(field, [0.5, 0.05, 0.95], part);
      return { i, k: group.label, u: x, low, high, c: c.of(i), chosen: group.count > 0, told: `${group.count} of ${group.of} selected` };
    });
    const line = data.aim?.lines[data.headline] ?? null;
    spec.height = ROW * P.policies;
    spec.description = `${P.axis(field)} of ${P.policies} policies. The tables above tell the same in numbers.`;
    spec.datasets = { rows: now(), aims: [{ u: line }] };
    spec.layer = spec.layer.filter(({ data: of }) => of.name !== "aims" || line !== null);
    const limit = Math.min(320, place.clientWidth * 0.42);
    for (const { encoding } of spec.layer) {
      encoding.x.axis = { title: lined(P.axis(field)), titleLimit: 300, tickCount: 5 };
      if (encoding.y) encoding.y.axis = { grid: false, ticks: false, labelLimit: limit };
    }
    paint(spec, c);
    const view = await embed(place, spec, teller((r) => [r.k, `${field.title}: ${P.told(field, r.u)} ${field.unit}${Number.isFinite(r.low) ? ` (${P.told(field, r.low)} to ${P.told(field, r.high)})` : ""}`, r.told]));
    return { view, update: () => view.data("rows", now()).runAsync(), clear: () => {} };
  }

  addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });
  return { scatter, histogram, intervals, bars, listen: (told) => { brushed = told; } };
})();
