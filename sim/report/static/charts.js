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

  const ink = (dark) => ({
    background: null,
    font: "system-ui, sans-serif",
    axis: {
      labelColor: dark ? "#b9b9c2" : "#5c5c62", titleColor: dark ? "#ececf0" : "#1d1d1f", titleFontWeight: "normal",
      gridColor: dark ? "#33333a" : "#e6e6ea", domainColor: dark ? "#5c5c66" : "#9a9a9a", tickColor: dark ? "#5c5c66" : "#9a9a9a",
      labelFontSize: 12, titleFontSize: 12,
    },
    legend: { labelColor: dark ? "#ececf0" : "#1d1d1f", titleColor: dark ? "#b9b9c2" : "#5c5c62", labelFontSize: 12, orient: "top", title: null },
    header: { labelColor: dark ? "#ececf0" : "#1d1d1f", labelFontSize: 12, title: null },
    title: { color: dark ? "#ececf0" : "#1d1d1f", fontSize: 13, anchor: "start" },
    text: { color: dark ? "#ececf0" : "#1d1d1f" },
    rule: { color: dark ? "#b9b9c2" : "#5c5c62" },
    view: { stroke: null },
  });

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

  async function set(name, signal, value) {
    const chart = views.get(name);
    if (!chart) return;
    chart.signals[signal] = value;
    chart.result.view.signal(signal, value);
    await chart.result.view.runAsync();
    for (const box of document.querySelectorAll(`[data-table-of="${name}"]`)) fillTable(box);
  }

  // A control `<select data-sets="SIGNAL" data-of="NAME ...">` sets a signal of the named charts.
  function listen() {
    for (const control of document.querySelectorAll("[data-sets]")) {
      control.addEventListener("change", () => {
        const value = control.type === "checkbox" ? control.checked : control.value;
        for (const name of control.dataset.of.split(" ")) set(name, control.dataset.sets, value);
      });
    }
  }

  const begun = (place) => Object.fromEntries(
    [...document.querySelectorAll("[data-sets]")].filter((c) => c.dataset.of.split(" ").includes(place.dataset.chart))
      .map((c) => [c.dataset.sets, c.type === "checkbox" ? c.checked : c.value]));

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
    draw(place, specs[place.dataset.chart], begun(place));
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
