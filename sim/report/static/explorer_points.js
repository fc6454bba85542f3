"use strict";
// The points of a sweep as columns, which of them are selected, and what the selected ones come to.
const simPoints = (() => {
  const data = JSON.parse(document.getElementById("explorer-data").textContent);
  const n = data.count;
  const DASH = "\u2013", MINUS = "\u2212";
  const fields = new Map();   // by name: every setting, outcome, the scenario and the aim
  const filters = new Map();  // by field: {low, high} or {kept: Set of codes}, and the owner who set it
  const ALL = new Uint8Array(n).fill(1);
  let mask = ALL, count = n;

  const numbers = (list) => Float64Array.from(list, (v) => (v === null ? NaN : v));
  const spread = (values, by) => Float64Array.from(by, (place) => values[place]);

  function add(field) {
    const values = field.numbers ?? field.codes;
    let low = Infinity, high = -Infinity;
    for (const v of values) { if (v < low) low = v; if (v > high) high = v; }
    fields.set(field.name, { ...field, values, low, high });
  }

  function words(name, title, labels, codes, more = {}) {
    add({ name, title, unit: "", words: true, labels, codes: Int32Array.from(codes), ...more });
  }

  for (const s of data.settings) {
    const about = { name: s.name, title: s.title, heading: s.heading, unit: s.unit, guess: s.guess, few: s.few, setting: true };
    if (s.words) {
      const labels = [...new Set(s.values)];
      words(s.name, s.title, labels.map((l) => l.replaceAll("_", " ")), data[s.by].map((place) => labels.indexOf(s.values[place])), about);
    } else add({ ...about, words: false, numbers: spread(numbers(s.values), data[s.by]) });
  }
  for (const o of data.outcomes) {
    add({ name: o.name, title: o.title, unit: o.unit, own: o.own, outcome: true, words: false, numbers: numbers(o.value),
          ends: o.low && [numbers(o.low), numbers(o.high)] });
  }
  if (data.sources.length > 1) words("scenario", "scenario", data.sources, data.source);
  if (data.aim) words("aim", "aim", data.aim.labels, data.aim.meets);

  // Policies: a scenario with its levers, each in one or several futures.
  const keys = data.source.map((s, i) => `${s} ${data.row[i]}`);
  const policyKeys = [...new Set(keys)];
  const policy = Int32Array.from(keys, ((places) => (key) => places.get(key))(new Map(policyKeys.map((k, i) => [k, i]))));

  // As in naming.py: three digits, per cents one decimal, a half away from zero; sums of a few numbers keep twelve digits.
  const format = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 3 });
  const tenths = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const written = (v, how) => (Number.isFinite(v) ? how.format(Number(v.toPrecision(12))).replace(/^-(?=[0.]+$)/, "").replace("-", MINUS) : DASH);
  const said = (v) => written(v, format);
  const told = (field, v) => {
    const text = field.unit.startsWith("%") ? written(v, tenths) : said(v);
    return v > 0 && field.outcome && !field.own && data.compared && text !== "0.0" ? `+${text}` : text;
  };
  const percent = (part, whole) => (whole ? `${written((100 * part) / whole, tenths)} %` : DASH);
  const full = (field) => { const title = field.heading ?? field.title; return field.unit ? `${title} (${field.unit})` : title; };
  const axis = (field) => (field.outcome && !field.own && data.compared && !field.unit.startsWith("%")
    ? `${field.title}: difference (${field.unit})` : full(field));
  const at = (field, i) => (field.words ? field.labels[field.codes[i]] : told(field, field.numbers[i]));

  function withInterval(field, i) {
    const value = `${at(field, i)} ${field.unit}`;
    return field.ends && Number.isFinite(field.ends[0][i]) ? `${value} (95 % interval ${told(field, field.ends[0][i])} to ${told(field, field.ends[1][i])})` : value;
  }

  const levers = () => data.settings.filter((s) => s.by === "row").map((s) => fields.get(s.name));
  function named(i, future = true) {
    const parts = levers().map((f) => `${f.title} ${at(f, i)}`);
    if (data.sources.length > 1 || !parts.length) parts.unshift(data.sources[data.source[i]]);
    if (future && data.futures.length > 1) parts.push(`future ${data.futures[data.future[i]]}`);
    return parts.join(", ");
  }

  // A range or a set of words for a field; nothing takes the filter away. `owner` is the control or chart that set it.
  function filter(name, range, owner = "inputs") {
    if (range) filters.set(name, { ...range, owner }); else filters.delete(name);
  }

  function select() {
    if (!filters.size) { mask = ALL; count = n; return; }
    mask = new Uint8Array(n).fill(1);  // a new array: charts see a change by identity
    for (const [name, f] of filters) {
      const { values } = fields.get(name);
      if (f.kept) { for (let i = 0; i < n; i++) if (!f.kept.has(values[i])) mask[i] = 0; }
      else { for (let i = 0; i < n; i++) if (!(values[i] >= f.low && values[i] <= f.high)) mask[i] = 0; }
    }
    count = 0;
    for (let i = 0; i < n; i++) count += mask[i];
  }

  // Points in the order of a field, sorted once; so a median of any selection is one walk.
  function order(field) {
    field.order ??= Int32Array.from(ALL.keys()).filter((i) => !Number.isNaN(field.numbers[i])).sort((a, b) => field.numbers[a] - field.numbers[b]);
    return field.order;
  }

  const buffer = new Float64Array(n);
  function quantiles(field, parts, member = mask) {
    let k = 0;
    for (const i of order(field)) if (member[i]) buffer[k++] = field.numbers[i];
    return parts.map((q) => {
      if (!k) return NaN;
      const place = q * (k - 1), below = Math.floor(place);
      return buffer[below] + (place - below) * (buffer[Math.min(below + 1, k - 1)] - buffer[below]);
    });
  }

  function meeting(member = mask) {
    let met = 0;
    if (data.aim) for (let i = 0; i < n; i++) if (member[i] && data.aim.meets[i]) met++;
    return met;
  }

  // Each group of points: its members, how many of them are selected.
  function groups(codes, labels) {
    const found = labels.map((label) => ({ label, of: 0, count: 0, member: new Uint8Array(n) }));
    for (let i = 0; i < n; i++) {
      const group = found[codes[i]];
      group.of++;
      if (mask[i]) { group.count++; group.member[i] = 1; }
    }
    return found;
  }

  // What is wrong with a range of numbers; empty if some value can lie in it.
  function outside(field, range) {
    if (range.low > range.high) return `the range begins at ${told(field, range.low)}, above its end, ${told(field, range.high)}`;
    const data = `the values go from ${told(field, field.low)} to ${told(field, field.high)}`;
    if (range.low > field.high) return `nothing from ${told(field, range.low)} on; ${data}`;
    return range.high < field.low ? `nothing up to ${told(field, range.high)}; ${data}` : "";
  }

  function filterWords() {
    return [...filters].map(([name, f]) => {
      const field = fields.get(name);
      if (f.kept) return `${field.title} ${[...f.kept].map((code) => field.labels[code]).join(" or ") || "none"}`;
      const wrong = outside(field, f);
      if (wrong) return `${field.title}: ${wrong}`;
      const low = Math.max(f.low, field.low), high = Math.min(f.high, field.high);
      return `${field.title} ${told(field, low)} to ${told(field, high)}${field.unit ? ` ${field.unit}` : ""}`;
    }).join("; ");
  }

  return {
    data, n, fields, filters, policy, policies: policyKeys.length, filter, select, order, quantiles, meeting, groups, said, told, outside, percent, full, axis, at,
    withInterval, named, filterWords, numbers, get mask() { return mask; }, get count() { return count; }, get whole() { return !filters.size; },
  };
})();
