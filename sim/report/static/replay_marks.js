"use strict";
// The marks of the replay: people as dots, boats, crosses. Each is told apart by its form, not only by its colour.
const replayMarks = (() => {
  const GOLDEN = Math.PI * (3 - Math.sqrt(5));
  const cache = new Map();

  // A number in [-1, 1] that belongs to a boat for good, so that marks do not lie on each other and do not jump.
  const scatter = (i, salt) => {
    const x = Math.sin(i * 127.1 + salt * 311.7) * 43758.5453;
    return 2 * (x - Math.floor(x)) - 1;
  };
  // The n-th dot of a group, in steps between neighbours: a sunflower's spiral.
  const spiral = (n) => {
    const r = 0.58 * Math.sqrt(n + 0.5),
      a = n * GOLDEN;
    return [r * Math.cos(a), r * Math.sin(a)];
  };
  const radius = (dots, step) => 0.58 * step * Math.sqrt(Math.max(dots, 1)) + step;

  function dots(c, from, to, step, size) {
    c.beginPath();
    for (let n = from; n < to; n++) {
      const [x, y] = spiral(n);
      c.rect(x * step - size / 2, y * step - size / 2, size, size);
    }
    c.fill();
  }

  // A picture drawn once and kept; `paint` gets a context whose origin is the picture's middle.
  function sprite(key, width, height, dpr, paint) {
    const full = `${key} ${dpr}`;
    let kept = cache.get(full);
    if (!kept) {
      const canvas = document.createElement("canvas");
      canvas.width = Math.ceil(width * dpr);
      canvas.height = Math.ceil(height * dpr);
      const c = canvas.getContext("2d");
      c.scale(dpr, dpr);
      c.translate(width / 2, height / 2);
      paint(c);
      kept = { canvas, width, height };
      cache.set(full, kept);
    }
    return kept;
  }
  const stamp = (c, s, x, y) => c.drawImage(s.canvas, x - s.width / 2, y - s.height / 2, s.width, s.height);

  function group(count, look) {
    const r = radius(count, look.step) + 1;
    return sprite(`group ${count} ${look.key}`, 2 * r, 2 * r, look.dpr, (c) => {
      c.fillStyle = look.colours.people;
      dots(c, 0, count, look.step, look.size);
    });
  }

  // A hull with its people in rows, bow to the right; `back` is hollow and broken.
  function hull(count, look, back) {
    const rows = count > 24 ? 5 : count > 8 ? 3 : 2,
      gap = look.seat,
      columns = Math.ceil(count / rows);
    const length = columns * gap + 2 * gap + 3,
      wide = rows * gap + 3;
    return sprite(`hull ${count} ${back} ${look.key}`, length + 4, wide + 4, look.dpr, (c) => {
      const l = length / 2,
        w = wide / 2,
        bow = l - Math.min(1.6 * w, length / 3);
      c.beginPath();
      c.moveTo(-l, -w);
      c.lineTo(bow, -w);
      c.quadraticCurveTo(l - w * 0.4, -w * 0.8, l, 0);
      c.quadraticCurveTo(l - w * 0.4, w * 0.8, bow, w);
      c.lineTo(-l, w);
      c.closePath();
      c.fillStyle = look.colours.hull;
      c.fill();
      c.strokeStyle = back ? look.colours.stopped : look.colours.boat;
      c.lineWidth = 1.1;
      if (back) c.setLineDash([2.2, 1.8]);
      c.stroke();
      c.fillStyle = back ? look.colours.stopped : look.colours.boat;
      for (let n = 0; n < count; n++) {
        const x = -l + gap + Math.floor(n / rows) * gap,
          y = ((n % rows) - (rows - 1) / 2) * gap;
        c.fillRect(x - look.size / 2, y - look.size / 2, look.size, look.size);
      }
    });
  }

  function cross(c, x, y, r, look) {
    for (const [colour, width] of [
      [look.colours.halo, 3.6],
      [look.colours.stopped, 1.7],
    ]) {
      c.strokeStyle = colour;
      c.lineWidth = width;
      c.beginPath();
      c.moveTo(x - r, y - r);
      c.lineTo(x + r, y + r);
      c.moveTo(x - r, y + r);
      c.lineTo(x + r, y - r);
      c.stroke();
    }
  }

  function disc(c, x, y, radius, ground, rim, width) {
    c.beginPath();
    c.arc(x, y, radius, 0, 7);
    c.fillStyle = ground;
    c.fill();
    c.strokeStyle = rim;
    c.lineWidth = width;
    c.stroke();
  }

  // Deaths: a black disc with their number while it is recent, a small ring for good.
  function death(c, x, y, people, recent, look) {
    if (!recent) {
      disc(c, x, y, 2.6, look.colours.halo, look.colours.dead, 1.3);
      return;
    }
    disc(c, x, y, 8, look.colours.dead, look.colours.halo, 1.6);
    c.fillStyle = look.colours.onDead;
    c.font = "700 10.5px system-ui, sans-serif";
    c.textAlign = "center";
    c.textBaseline = "middle";
    c.fillText(String(people), x, y + 0.5);
  }

  function triangle(c, x, y, angle, r) {
    c.beginPath();
    for (const [turn, reach] of [
      [0, 1.35],
      [2.3, 1],
      [-2.3, 1],
    ])
      c.lineTo(x + r * reach * Math.cos(angle + turn), y + r * reach * Math.sin(angle + turn));
    c.closePath();
  }

  function diamond(c, x, y, r) {
    c.beginPath();
    for (const [dx, dy] of [
      [r, 0],
      [0, r],
      [-r, 0],
      [0, -r],
    ])
      c.lineTo(x + dx, y + dy);
    c.closePath();
  }

  // Units as upright bars in rows, beginning at a corner.
  function units(c, x, y, count, look) {
    c.fillStyle = look.colours.patrol;
    for (let n = 0; n < count; n++) c.fillRect(x + (n % 12) * 4.2, y + Math.floor(n / 12) * 8, 2.4, 6.5);
  }

  return { scatter, group, hull, cross, death, triangle, diamond, units, stamp, forget: () => cache.clear() };
})();
