"use strict";
// Names on the map: each where it covers least, those of crowds under their crowd.
const replaySigns = (() => {
  const FONT = "system-ui, sans-serif";
  const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

  // A box for each sign where it covers least; `busy` are points on the ways over the sea.
  function signs(c, wanted, ground, taken, busy) {
    for (const sign of wanted) {
      c.font = sign.font;
      sign.lines = sign.text.split("\n");
      const w = Math.max(sign.least ?? 0, ...sign.lines.map((l) => c.measureText(l).width)),
        h = sign.lines.length * sign.size * 1.2 + (sign.below ?? 0);
      let best = null;
      for (const reach of [8, 13, 20, 30, 42, 56])
        for (const [dx, dy] of [
          [1, 0],
          [-1, 0],
          [0, -1],
          [0, 1],
          [1, -0.8],
          [-1, -0.8],
          [1, 0.8],
          [-1, 0.8],
        ]) {
          const x = sign.at[0] + dx * reach,
            y = sign.at[1] + dy * reach;
          const left = dx > 0 ? x : dx < 0 ? x - w : x - w / 2,
            top = dy === 0 ? y - h / 2 : dy < 0 ? y - h : y;
          const box = [left, top, left + w, top + h];
          const middle = [left + w / 2, top + h / 2],
            stray =
              sign.place &&
              Object.values(ground.found.named).some(
                (p) =>
                  p.name !== sign.place.name &&
                  Math.hypot(p.at[0] - middle[0], p.at[1] - middle[1]) <
                    Math.hypot(sign.at[0] - middle[0], sign.at[1] - middle[1]),
              );
          const cost =
            0.45 * reach +
            12 * stray +
            50 *
              ground.crowds.filter((s) => overlap(box, [s.at[0] - s.r, s.at[1] - s.r, s.at[0] + s.r, s.at[1] + s.r]))
                .length +
            400 * taken.filter((b) => overlap(box, b)).length +
            900 * (left < 3 || top < 3 || left + w > ground.width - 3 || top + h > ground.height - 3) +
            0.6 * busy.filter(([px, py]) => px > left && px < left + w && py > top && py < top + h).length;
          if (!best || cost < best.cost) best = { cost, box, reach, side: dx };
        }
      Object.assign(sign, best);
      taken.push([best.box[0] - 2, best.box[1] - 1, best.box[2] + 2, best.box[3] + 1]);
    }
    return wanted;
  }

  function write(c, sign, colours) {
    const [left, top, right] = sign.box;
    if (sign.reach > 13) {
      c.strokeStyle = colours.soft;
      c.lineWidth = 0.7;
      c.beginPath();
      c.moveTo(...sign.at);
      c.lineTo(Math.min(Math.max(sign.at[0], left), right), Math.min(Math.max(sign.at[1], top), sign.box[3]));
      c.stroke();
    }
    c.font = sign.font;
    c.textBaseline = "top";
    c.textAlign = sign.middle ? "center" : "left";
    c.lineJoin = "round";
    sign.lines.forEach((line, i) => {
      const x = sign.middle ?? (sign.side < 0 && !sign.below ? right - c.measureText(line).width : left),
        y = top + (sign.head ?? 0) + i * sign.size * 1.2;
      c.strokeStyle = colours.halo;
      c.lineWidth = 3;
      c.strokeText(line, x, y);
      c.fillStyle = colours[sign.ink ?? "ink"];
      c.fillText(line, x, y);
    });
  }

  // A crowd's sign stands under it: the number of people, which changes, and the name.
  function crowdSign(c, crowd, sign, ground) {
    c.font = sign.font;
    const lines = sign.text.split("\n"),
      w = Math.max(40, ...lines.map((l) => c.measureText(l).width)),
      rise = sign.size * 1.2;
    const x = Math.min(Math.max(crowd.at[0], w / 2 + 4), ground.width - w / 2 - 4),
      top = Math.min(crowd.at[1] + crowd.r * 0.9, ground.height - rise * (lines.length + 1) - 3);
    return {
      ...sign,
      lines,
      counts: crowd.camp,
      reach: 0,
      side: 0,
      middle: x,
      head: rise,
      box: [x - w / 2, top, x + w / 2, top + rise * (lines.length + 1)],
    };
  }

  // What the two ways of the exchange are, written where they meet the frame.
  function ways(ground) {
    const sign = (at, text, ink) => ({ at, text, ink, size: 11, font: `600 11px ${FONT}` });
    return [
      ...(ground.returns ? [sign(ground.returns[2], "returned \u2193", "returned")] : []),
      ...(ground.admissions ? [sign(ground.admissions[2], "\u2196 admitted", "admitted")] : []),
    ];
  }

  // Names of lands and waters, moved to where nothing else is written; left out if there is no such spot.
  function names(data, ground, to, taken) {
    const found = [];
    for (const name of data.map.names) {
      const size = Math.max(9.5, ground.width * (name.kind === "land" ? 0.019 : 0.016)),
        w = name.text.length * size * 0.42,
        at = to(name.x, name.y);
      for (const [dx, dy] of [
        [0, 0],
        [0, -1],
        [0, 1],
        [-1, 0],
        [1, 0],
        [-1, -1],
        [1, -1],
        [-1, 1],
        [1, 1],
        [0, -2],
        [0, 2],
        [-2, 0],
        [2, 0],
      ]) {
        const [x, y] = [at[0] + dx * 34, at[1] + dy * 22],
          box = [x - w, y - size * 0.7, x + w, y + size * 0.7];
        if (
          box[0] < 4 ||
          box[1] < 4 ||
          box[2] > ground.width - 4 ||
          box[3] > ground.height - 4 ||
          taken.some((b) => overlap(box, b))
        )
          continue;
        found.push({ ...name, size, at: [x, y] });
        break;
      }
    }
    return found;
  }

  return { place: signs, write, crowdSign, ways, names, FONT };
})();
