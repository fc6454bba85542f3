"use strict";
// The replay: state, controls and the loop that draws. It never plays by itself.
addEventListener("DOMContentLoaded", () => {
  const at = (id) => document.getElementById(id),
    data = replayData,
    root = at("replay-all");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const maps = [new ReplayMap(at("replay-map"), data), new ReplayMap(at("replay-map-base"), data)];
  const strip = new ReplayStrip(at("replay-strip"), data),
    slider = at("replay-date");
  const policies = data.scenarios.map((_, i) => i).filter((i) => i !== data.baseline);
  const last = data.days - 1,
    NOON = 0.5;
  const state = {
    scenario: policies[0] ?? 0,
    replication: 0,
    pair: false,
    t: 0,
    playing: false,
    drawn: 0,
    shown: -1,
    speed: 3,
    linger: 0.75,
    frame: 0,
    then: 0,
    said: 0,
    text: "",
  };

  const run = () => data.run(state.scenario, state.replication);
  const base = () =>
    data.baseline >= 0 && state.scenario !== data.baseline ? data.run(data.baseline, state.replication) : null;
  const day = () => Math.min(Math.floor(state.t), last);

  function colours() {
    const css = getComputedStyle(root),
      found = {};
    for (const name of [
      "sea",
      "land",
      "shore",
      "route",
      "ink",
      "soft",
      "line",
      "halo",
      "people",
      "people-ink",
      "boat",
      "hull",
      "stopped",
      "returned",
      "admitted",
      "dead",
      "on-dead",
      "patrol",
      "land-name",
      "sea-name",
      "strip",
      "window",
      "other",
    ]) {
      found[name.replace(/-./g, (m) => m[1].toUpperCase())] = css.getPropertyValue(`--replay-${name}`).trim();
    }
    return found;
  }

  // Everything that depends on widths, theme or choice; then one frame.
  function lay() {
    const inks = colours(),
      pair = state.pair && base();
    root.classList.toggle("pair", Boolean(pair));
    at("replay-second").hidden = !pair;
    at("replay-name").textContent = run().scenario.label;
    at("replay-name-base").textContent = pair ? pair.scenario.label : "";
    for (const since of root.querySelectorAll(".replay-from"))
      since.textContent = data.written(run().scenario.measured[0]);
    replayMarks.forget();
    maps[0].lay(Math.max(240, maps[0].canvas.parentElement.clientWidth), inks, run());
    if (pair) maps[1].lay(Math.max(240, maps[1].canvas.parentElement.clientWidth), inks, pair);
    strip.lay(Math.max(240, strip.canvas.parentElement.clientWidth), inks, run(), base());
    const { unit } = maps[0].ground;
    at("replay-unit").textContent =
      unit === 1
        ? "One dot is one person."
        : `On a map this small one dot, and one mark of the exchange, is ${unit} people.`;
    at("replay-line").hidden = !base();
    replayWords.build(run(), base());
    state.shown = -1;
    draw();
  }

  function draw() {
    const today = day(),
      pair = state.pair && base();
    maps[0].draw(run(), state.t, state.linger);
    if (pair) maps[1].draw(pair, state.t, state.linger);
    strip.draw(state.t);
    state.drawn += 1;
    if (!state.playing || performance.now() - state.said > 300) say(today);
    if (state.shown === today) return;
    state.shown = today;
    replayWords.show(run(), base(), today);
    slider.value = String(today);
    slider.setAttribute("aria-valuetext", data.weekday(today));
  }

  // While it plays the sentence changes a few times a second only: faster nobody reads, and it costs layout.
  function say(today) {
    if (state.text === `${today} ${state.scenario} ${state.replication}`) return;
    state.text = `${today} ${state.scenario} ${state.replication}`;
    state.said = performance.now();
    at("replay-text").textContent = replayWords.sentence(run(), today);
  }

  function step(now) {
    if (!state.playing) return;
    const passed = Math.min((now - state.then) / 1000, 0.1); // a slow frame slows the replay, it skips no day
    state.then = now;
    state.clock += passed * state.speed;
    state.t = Math.min(still.matches ? Math.floor(state.clock) + NOON : state.clock, last + 0.999);
    draw();
    if (state.clock >= data.days) pause();
    else state.frame = requestAnimationFrame(step);
  }

  function told() {
    at("replay-play").textContent = state.playing ? "Pause" : "Play";
    at("replay-text").setAttribute("aria-live", state.playing ? "off" : "polite");
  }

  function play() {
    if (state.playing) return;
    if (state.t >= last) state.t = run().scenario.measured[0];
    Object.assign(state, {
      playing: true,
      clock: state.t,
      then: performance.now(),
      linger: Math.max(0.75, 0.4 * state.speed),
    });
    told();
    state.frame = requestAnimationFrame(step);
  }

  function pause() {
    if (!state.playing) return;
    state.playing = false;
    cancelAnimationFrame(state.frame);
    told();
    say(day());
  }

  function show(wanted) {
    const to = Math.min(Math.max(Math.round(wanted), 0), last);
    Object.assign(state, { t: to + NOON, clock: to + NOON });
    if (!state.playing) state.linger = 0.75;
    draw();
  }

  const toggle = () => (state.playing ? pause() : play());
  const MOVES = {
    ArrowLeft: -1,
    ArrowDown: -1,
    ArrowRight: 1,
    ArrowUp: 1,
    PageDown: -7,
    PageUp: 7,
    Home: -Infinity,
    End: Infinity,
  };

  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") {
      event.preventDefault();
      toggle();
      return;
    }
    if (!(event.key in MOVES)) return;
    event.preventDefault();
    show(Number.isFinite(MOVES[event.key]) ? day() + MOVES[event.key] : MOVES[event.key] < 0 ? 0 : last);
  }

  const option = (value, text) => {
    const o = document.createElement("option");
    o.value = String(value);
    o.textContent = text;
    return o;
  };
  at("replay-scenario").replaceChildren(
    ...[...policies, ...(data.baseline >= 0 ? [data.baseline] : [])].map((i) =>
      option(i, data.scenarios[i].label + (data.scenarios[i].baseline ? " (baseline)" : "")),
    ),
  );
  at("replay-replication").replaceChildren(...data.replications.map((r, i) => option(i, `${r.replication}: ${r.why}`)));
  at("replay-replication").parentElement.hidden = data.replications.length < 2;
  at("replay-pair").parentElement.hidden = data.baseline < 0 || !policies.length;
  slider.max = String(last);

  const chosen = (id, change) =>
    at(id).addEventListener("change", (event) => {
      change(event.target);
    });
  chosen("replay-scenario", (of) => {
    state.scenario = Number(of.value);
    at("replay-pair").disabled = !base();
    lay();
  });
  chosen("replay-replication", (of) => {
    state.replication = Number(of.value);
    lay();
  });
  chosen("replay-pair", (of) => {
    state.pair = of.checked;
    lay();
  });
  chosen("replay-speed", (of) => {
    state.speed = Number(of.value);
    if (state.playing) state.linger = Math.max(0.75, 0.4 * state.speed);
  });
  at("replay-play").addEventListener("click", toggle);
  slider.addEventListener("input", () => {
    show(Number(slider.value));
  });
  for (const place of [at("replay-maps"), slider]) place.addEventListener("keydown", keys);
  strip.canvas.addEventListener("pointerdown", (event) => {
    show(strip.day((event.offsetX * strip.width) / strip.canvas.clientWidth));
  });
  document.addEventListener("sim-theme", lay);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) pause();
  });
  new IntersectionObserver(([seen]) => {
    if (!seen.isIntersecting) pause();
  }).observe(at("replay-maps"));
  let width = root.clientWidth;
  new ResizeObserver(() => {
    const now = root.clientWidth;
    if (now && now !== width) {
      width = now;
      lay();
    }
  }).observe(root);

  state.speed = Number(at("replay-speed").value);
  state.t = run().scenario.measured[0] + NOON;
  told();
  lay();
  window.simReplay = {
    get playing() {
      return state.playing;
    },
    get day() {
      return day();
    },
    get drawn() {
      return state.drawn;
    },
    days: data.days,
    play,
    pause,
    show,
  };
});
