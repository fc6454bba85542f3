"use strict";
// What stands still on the replay's map: coast, places, names, and where crowds and names find room.
const replayGround = (() => {
  const STEP = { wide: 320, fewest: 480, share: 4 }; // a dot's room is the width by `wide`; small maps share dots
  const { FONT } = replaySigns;

  const bezier = ([x0, y0], [cx, cy], [x1, y1], u) => {
    const a = (1 - u) * (1 - u),
      b = 2 * u * (1 - u),
      d = u * u;
    return [a * x0 + b * cx + d * x1, a * y0 + b * cy + d * y1];
  };

  // The part of the map that is shown: all of it, or on a small screen what lies around the crossing.
  function crop(data, width) {
    const { map } = data,
      ends = map.places.filter((p) => ["camp", "sector", "landing", "centre"].includes(p.kind));
    if (width >= STEP.fewest || !ends.length) return { x: 0, y: 0, width: map.width, height: map.height };
    const [xs, ys] = [ends.map((p) => p.x), ends.map((p) => p.y)],
      room = 0.07 * map.width;
    const x = Math.max(0, Math.min(...xs) - room),
      y = Math.max(0, Math.min(...ys) - room);
    return {
      x,
      y,
      width: Math.min(map.width, Math.max(...xs) + room) - x,
      height: Math.min(map.height, Math.max(...ys) + room) - y,
    };
  }

  function places(data, to) {
    const found = {};
    for (const p of data.map.places) (found[p.kind] ??= []).push({ ...p, at: to(p.x, p.y) });
    const named = Object.fromEntries(
      Object.values(found)
        .flat()
        .map((p) => [p.name, p]),
    );
    return { ...found, named };
  }

  function landPath(data, to) {
    const path = new Path2D();
    for (const ring of data.map.land) {
      for (let i = 0; i < ring.length; i += 2) path[i ? "lineTo" : "moveTo"](...to(ring[i], ring[i + 1]));
      path.closePath();
    }
    return path;
  }

  function paintUnder(c, ground, data, colours) {
    c.fillStyle = colours.sea;
    c.fillRect(0, 0, ground.width, ground.height);
    c.fillStyle = colours.land;
    c.fill(ground.land);
    c.strokeStyle = colours.shore;
    c.lineWidth = 1;
    c.stroke(ground.land);
    for (const name of ground.names) {
      const { size } = name;
      c.font = `${name.kind === "land" ? "600" : "italic 400"} ${size}px ${FONT}`;
      c.textAlign = "center";
      c.textBaseline = "middle";
      if ("letterSpacing" in c) c.letterSpacing = name.kind === "land" ? "0.18em" : "0.04em";
      c.fillStyle = name.kind === "land" ? colours.landName : colours.seaName;
      c.fillText(name.text, ...name.at);
      if ("letterSpacing" in c) c.letterSpacing = "0px";
    }
    c.strokeStyle = colours.route;
    c.lineWidth = 1;
    c.setLineDash([1.5, 3.5]);
    for (const crowd of ground.crowds) {
      c.beginPath();
      c.moveTo(...crowd.place.at);
      c.lineTo(...crowd.at);
      c.stroke();
    }
    for (const route of ground.routes.values()) {
      c.beginPath();
      c.moveTo(...route[0]);
      c.quadraticCurveTo(...route[1], ...route[2]);
      c.stroke();
    }
    c.setLineDash([]);
    scaleBar(c, ground, colours);
  }

  function scaleBar(c, ground, colours) {
    const km = (ground.width * 0.09) / ground.k / 10,
      length = [200, 100, 50, 20, 10, 5].find((l) => l <= km * 1.4) ?? 5;
    const x = 12,
      y = ground.height - 12,
      w = length * 10 * ground.k;
    c.strokeStyle = colours.soft;
    c.lineWidth = 1.5;
    c.beginPath();
    c.moveTo(x, y - 4);
    c.lineTo(x, y);
    c.lineTo(x + w, y);
    c.lineTo(x + w, y - 4);
    c.stroke();
    c.fillStyle = colours.soft;
    c.font = `11px ${FONT}`;
    c.textAlign = "left";
    c.textBaseline = "bottom";
    c.fillText(`${length} km`, x + 4, y - 3);
  }

  function paintOver(c, ground, colours, shows) {
    c.lineWidth = 1.3;
    c.strokeStyle = colours.ink;
    c.fillStyle = colours.halo;
    const mark = (at, path) => {
      c.beginPath();
      path(...at);
      c.fill();
      c.stroke();
    };
    for (const p of ground.found.sector ?? []) mark(p.at, (x, y) => c.arc(x, y, 4, 0, 7));
    for (const p of ground.found.landing ?? []) mark(p.at, (x, y) => c.rect(x - 4, y - 4, 8, 8));
    for (const p of ground.found.centre ?? [])
      mark(p.at, (x, y) => {
        c.moveTo(x - 5, y + 4);
        c.lineTo(x - 5, y - 1);
        c.lineTo(x, y - 5);
        c.lineTo(x + 5, y - 1);
        c.lineTo(x + 5, y + 4);
        c.closePath();
      });
    for (const p of ground.found.camp ?? [])
      mark(p.at, (x, y) => {
        c.moveTo(x - 5, y + 4);
        c.lineTo(x, y - 5);
        c.lineTo(x + 5, y + 4);
        c.closePath();
      });
    for (const sign of ground.signs) if (!sign.ink || shows[sign.ink]) replaySigns.write(c, sign, colours);
  }

  // The straight way between two far places, cut to the frame; null if one of them is not known or it misses the map.
  function flight(from, to, ground, aside) {
    if (!from || !to) return null;
    const [x0, y0] = from.at,
      [dx, dy] = [to.at[0] - x0, to.at[1] - y0],
      long = Math.hypot(dx, dy),
      room = 12;
    const [ox, oy] = [(-dy / long) * aside, (dx / long) * aside];
    let first = 0,
      last = 1;
    for (const [p, d, size] of [
      [x0 + ox, dx, ground.width],
      [y0 + oy, dy, ground.height],
    ]) {
      const a = (room - p) / d,
        b = (size - room - p) / d;
      first = Math.max(first, Math.min(a, b));
      last = Math.min(last, Math.max(a, b));
    }
    if (!(first < last)) return null;
    const at = (u) => [x0 + ox + u * dx, y0 + oy + u * dy];
    const a = at(first),
      b = at(last),
      bow = 0.1;
    return [a, [(a[0] + b[0]) / 2 + dy * bow * (last - first), (a[1] + b[1]) / 2 - dx * bow * (last - first)], b];
  }

  // Everything that depends on the width only; two maps of the same width share it.
  let kept = null;
  function lay(data, width) {
    if (kept?.width !== width) kept = laid(data, width);
    return kept;
  }

  function laid(data, width) {
    const part = crop(data, width),
      k = width / part.width,
      height = Math.round(part.height * k);
    const to = (x, y) => [(x - part.x) * k, (y - part.y) * k];
    const unit = width >= STEP.fewest ? 1 : STEP.share,
      step = (width * Math.sqrt(unit)) / STEP.wide;
    const ground = {
      k,
      width,
      height,
      unit,
      step,
      found: places(data, to),
      land: landPath(data, to),
      coast: data.map.land.length > 0,
    };
    const { named } = ground.found;
    ground.routes = new Map(data.map.routes.map(([s, l, x, y]) => [`${s} ${l}`, [named[s].at, to(x, y), named[l].at]]));
    const one = (kind) => ground.found[kind]?.[0];
    ground.returns = flight(one("detention"), one("reception"), ground, -7);
    ground.admissions = flight(one("gateway"), one("community"), ground, -7);
    const small = width < STEP.fewest,
      size = small ? 10 : 12,
      scratch = document.createElement("canvas").getContext("2d");
    const units = (p) =>
      Math.min(
        12,
        data.most((r) => r.units[data.sectors.indexOf(p.name)]),
      ) * 4.2;
    const sign = (p, weight) => ({
      at: p.at,
      text: small ? p.label.replace("\u2013", "\u2013\n").replace(" and ", "\nand ") : p.label,
      size,
      font: `${weight} ${size}px ${FONT}`,
      place: p,
    });
    const wanted = [
      ...(ground.found.sector ?? []).map((p) => ({ ...sign(p, 600), least: units(p), below: 12 })),
      ...(ground.found.landing ?? []).map((p) => sign(p, 600)),
    ];
    ground.crowds = replayCrowds.places(data, ground);
    const people = ground.crowds.map((crowd) => replaySigns.crowdSign(scratch, crowd, sign(crowd.place, 400), ground));
    const taken = [
      ...people.map((s) => s.box),
      [0, height - 30, 40 + width * 0.1, height],
      ...Object.values(named).map((p) => [p.at[0] - 6, p.at[1] - 6, p.at[0] + 6, p.at[1] + 6]),
    ];
    const busy = [...ground.routes.values(), ...[ground.returns, ground.admissions].filter(Boolean)].flatMap((r) =>
      Array.from({ length: 40 }, (_, i) => bezier(...r, i / 39)),
    );
    ground.signs = [
      ...people,
      ...replaySigns.place(scratch, [...wanted, ...(small ? [] : replaySigns.ways(ground))], ground, taken, busy),
    ];
    replayCrowds.fill(ground.crowds, ground, taken);
    taken.push(...ground.crowds.map((crowd) => crowd.box));
    ground.names = replaySigns.names(data, ground, to, taken);
    return ground;
  }

  return { lay, paintUnder, paintOver, bezier, FONT };
})();
