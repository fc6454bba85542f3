"use strict";
// Interactive charts: each `<div data-chart="NAME">` shows the Vega-Lite specification NAME of the page's data.
const simCharts = (() => {
  const specs = JSON.parse(document.getElementById("charts-data").textContent);
  for (const [name, spec] of Object.entries(specs)) specs[name] = withRows(spec);
  const views = new Map();  // by name: the chart's view, its place, and the signals set so far

  // Rows come as columns, of which texts are names and codes: far smaller on disk than a row of objects each.
  function withRows({ columns, ...spec }) {
    if (!columns) return spec;
    const whole = Object.entries(columns).map(([name, column]) => [name, Array.isArray(column) ? column : column.codes.map((code) => column.names[code])]);
    const count = whole.length ? whole[0][1].length : 0;
    const rows = Array.from({ length: count }, (_, i) => Object.fromEntries(whole.map(([name, column]) => [name, column[i]])));
    return { ...spec, datasets: { ...spec.datasets, rows } };
  }

  // The baseline's near-black pen would vanish on a dark page.
  const onDark = { "#3C3C3C": "#c9c9d1", "#0072B2": "#4aa8e0" };
  function inked(spec, dark) {
    if (!dark) return spec;
    const { datasets, ...rest } = spec;
    let text = JSON.stringify(rest);
    for (const [light, other] of Object.entries(onDark)) text = text.replaceAll(`"${light}"`, `"${other}"`);
    return { ...JSON.parse(text), datasets };
  }

  const INKS = { strong: ["#1d1d1f", "#ececf0"], soft: ["#5c5c62", "#b9b9c2"], grid: ["#e6e6ea", "#33333a"], axis: ["#9a9a9a", "#5c5c66"] };
  function ink(dark) {
    const [strong, soft, grid, axis] = Object.values(INKS).map(([light, other]) => (dark ? other : light));
    return {
      background: null,
      font: "system-ui, sans-serif",
      axis: {
        labelColor: soft, titleColor: strong, titleFontWeight: "normal", gridColor: grid, domainColor: axis, tickColor: axis,
        labelFontSize: 12, titleFontSize: 12,
      },
      legend: { labelColor: strong, titleColor: soft, labelFontSize: 12, orient: "top", title: null },
      header: { labelColor: strong, labelFontSize: 12, title: null },
      title: { color: strong, fontSize: 13, anchor: "start" },
      text: { color: strong },
      rule: { color: soft },
      view: { stroke: null },
    };
  }

  // On paper the inks of the light theme. A chart cannot be drawn again before the printer has the page: a rule gives its marks other colours.
  const turned = [...Object.values(INKS), ...Object.entries(onDark)].flatMap(([light, dark]) =>
    ["fill", "stroke"].map((part) => `.chart svg [${part}="${dark}"] { ${part}: ${light}; }`));
  document.head.append(Object.assign(document.createElement("style"), { textContent: `@media print { ${turned.join(" ")} }` }));

  async function draw(place, spec, signals = {}) {
    const name = place.dataset.chart;
    views.get(name)?.result?.finalize();
    const result = await vegaEmbed(place, { ...inked(spec, simPage.isDark()), description: place.ariaLabel }, {  // else Vega labels it itself
      actions: false, renderer: "svg", config: ink(simPage.isDark()), ast: false, tooltip: { theme: simPage.isDark() ? "dark" : "light" },
    });
    for (const [signal, value] of Object.entries(signals)) result.view.signal(signal, value);
    await result.view.runAsync();
    views.set(name, { place, spec, signals, result });
    place.dataset.drawn = "true";
    return result.view;
  }

  async function set(name, signals) {
    const chart = views.get(name);
    if (!chart) return;
    Object.assign(chart.signals, signals);
    for (const [signal, value] of Object.entries(signals)) chart.result.view.signal(signal, value);
    await chart.result.view.runAsync();
    for (const box of document.querySelectorAll(`[data-table-of="${name}"]`)) fillTable(box);
  }

  // A control `<select data-sets="SIGNAL" data-of="NAME ...">` sets a signal of the named charts.
  function listen() {
    for (const control of document.querySelectorAll("[data-sets]")) {
      const names = control.dataset.of.split(" ");
      names.forEach(allow);  // a browser may bring back what was chosen before the page was loaded again
      control.addEventListener("change", () => { for (const name of names) { allow(name); set(name, chosen(name)); } });
    }
  }

  const controls = (name) => new Map([...document.querySelectorAll("[data-sets]")].filter((c) => c.dataset.of.split(" ").includes(name)).map((c) => [c.dataset.sets, c]));
  const chosen = (name) => Object.fromEntries([...controls(name)].map(([signal, c]) => [signal, c.type === "checkbox" ? c.checked : c.value]));

  // What has no rows cannot be chosen: a baseline has no difference to itself, and what is no count does not add up.
  function allow(name) {
    const of = controls(name);
    let rows = specs[name]?.datasets?.rows;
    if (!rows || !of.has("outcome")) return;
    rows = rows.filter((row) => row.what === of.get("outcome").value);
    for (const signal of ["view", "who"]) {
      const select = of.get(signal);
      if (!select) continue;
      const known = new Set(specs[name].datasets.rows.map((row) => row[signal])), there = new Set(rows.map((row) => row[signal]));
      const options = [...select.options];
      for (const option of options) option.disabled = known.has(option.value) && !there.has(option.value);  // "everyone" is no row's
      if (options[select.selectedIndex]?.disabled) {
        select.value = (options.slice(0, select.selectedIndex).findLast((o) => !o.disabled) ?? options.find((o) => !o.disabled)).value;
      }
      rows = rows.filter((row) => row[signal] === select.value);
    }
  }

  // The rows behind a chart as a table, for those who cannot point at it: filled when it is opened, and when a choice is made.
  function fillTable(box) {
    const name = box.dataset.tableOf;
    const chart = views.get(name);
    if (!box.open || !chart) return;
    const of = (signal) => chart.result.view.signal(signal);
    const number = (value) => (value === null ? "–" : value.toLocaleString("en-GB", { maximumSignificantDigits: 4 }).replace("-", "−"));
    const rows = chart.spec.datasets.rows.filter((row) => row.what === of("outcome") && row.view === of("view"))
      .sort((a, b) => (a.week < b.week ? -1 : a.week > b.week ? 1 : a.place - b.place));
    const body = document.createElement("tbody");
    for (const row of rows) {
      const line = body.insertRow();
      for (const [i, text] of [row.week, row.who, number(row.mean), `${number(row.low)} to ${number(row.high)}`, number(row.median), `${number(row.q05)} to ${number(row.q95)}`].entries()) {
        const cell = i ? line.insertCell() : line.appendChild(Object.assign(document.createElement("th"), { scope: "row" }));
        cell.textContent = text;
        if (i > 1) cell.className = "n";
      }
    }
    box.querySelector("tbody").replaceWith(body);
  }
  for (const box of document.querySelectorAll("[data-table-of]")) box.addEventListener("toggle", () => fillTable(box));

  // Charts are drawn when they come near the window, so that the page is there at once.
  const started = new WeakSet();
  function begin(place) {
    near.unobserve(place);
    if (started.has(place)) return;
    started.add(place);
    draw(place, specs[place.dataset.chart], chosen(place.dataset.chart));
  }
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) begin(entry.target);
  }, { rootMargin: "600px" });
  // The others follow when the browser has nothing else to do: a page may be printed without having been read to its end.
  const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 500));
  addEventListener("load", () => { for (const place of document.querySelectorAll("[data-chart]:not([data-drawn])")) if (place.dataset.chart in specs) idle(() => begin(place)); });
  for (const place of document.querySelectorAll("[data-chart]")) if (place.dataset.chart in specs) near.observe(place);

  document.addEventListener("sim-theme", () => { for (const { place, spec, signals } of [...views.values()]) draw(place, spec, signals); });
  addEventListener("beforeprint", () => { for (const { result } of views.values()) result.view.resize().run(); });
  listen();
  return { draw, set, specs, views, ink };
})();
