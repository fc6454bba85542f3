"use strict";
// What moves on a map of the replay: people on foot, boats, people flown and people admitted.
// Drawn with the map's `c` (canvas), `ground`, `look` and `data`.
class ReplaySea {
  static WALK = 0.22; // days shown between a camp and the beach; the model has no such journey
  static SHORE = 0.18; // days shown between a landing and the arrival centre

  // The way of a boat with its own slight bow; null if the theatre knows no such way.
  way(boats, i) {
    const { ground, data } = this,
      sector = data.sectors[boats.sector[i]];
    const landing =
      data.landings[boats.landing[i] - 1] ??
      data.landings.find(
        (l, n) => ground.routes.has(`${sector} ${data.landings[(n + i) % data.landings.length]}`) && l,
      );
    const route =
      ground.routes.get(`${sector} ${landing}`) ??
      [...ground.routes.values()].find((r) => r[0] === ground.found.named[sector].at);
    if (!route) return null;
    const [a, b, d] = route,
      side = replayMarks.scatter(i, 1) * ground.width * 0.028,
      long = Math.hypot(d[0] - a[0], d[1] - a[1]) || 1;
    return [a, [b[0] - ((d[1] - a[1]) / long) * side, b[1] + ((d[0] - a[0]) / long) * side], d];
  }

  // How far a boat is on its way, in [0, 1]: those that turn back do so half-way.
  share(boats, i, t) {
    const { TURNED_BACK } = this.data,
      took = boats.ended[i] - boats.launched[i];
    const u = took > 0 ? (t - boats.launched[i]) / took : 1;
    if (boats.end[i] !== TURNED_BACK) return Math.min(u, 1);
    return u <= 1 ? u / 2 : Math.max(1 - u / 2, 0);
  }

  // The wake of a boat: whole for one that gets across, broken for one that turns back.
  track(boats, i, t, linger) {
    const { c, look, data } = this,
      end = boats.end[i];
    if (t < boats.launched[i] || end === data.PREVENTED || end === data.INTERCEPTED) return;
    const alpha = 1 - Math.max(t - boats.ended[i], 0) / linger,
      way = alpha > 0 && this.way(boats, i);
    if (!way) return;
    const back = end === data.TURNED_BACK,
      u = back
        ? Math.min((t - boats.launched[i]) / (boats.ended[i] - boats.launched[i] || 1), 1) / 2
        : this.share(boats, i, t);
    const [a, b] = way;
    c.globalAlpha = 0.65 * alpha;
    c.strokeStyle = back ? look.colours.stopped : look.colours.boat;
    c.lineWidth = 1.2;
    c.setLineDash(back ? [3, 3] : []);
    c.beginPath();
    c.moveTo(...a);
    c.quadraticCurveTo(a[0] + u * (b[0] - a[0]), a[1] + u * (b[1] - a[1]), ...replayGround.bezier(...way, u));
    c.stroke();
    c.setLineDash([]);
  }

  boat(boats, i, t, linger) {
    const { c, data, ground } = this,
      launched = boats.launched[i],
      ended = boats.ended[i],
      end = boats.end[i];
    const dots = Math.max(1, Math.round(boats.people[i] / ground.unit));
    c.globalAlpha = 1;
    const beach = ground.found.named[data.sectors[boats.sector[i]]].at,
      camp = ground.found.named[data.camps[boats.camp[i]]].at;
    if (t < launched) return this.walks(dots, camp, beach, (t - launched) / ReplaySea.WALK + 1);
    if (end === data.PREVENTED || end === data.INTERCEPTED) {
      this.stopped(boats, i, beach, 1 - (t - launched) / linger);
      return this.walks(dots, beach, camp, (t - launched) / ReplaySea.WALK);
    }
    const back = end === data.TURNED_BACK,
      home = back ? 2 * ended - launched : ended;
    if (t <= home) return this.sails(boats, i, t, dots, back && t > ended);
    if (back) return this.walks(dots, beach, camp, (t - home) / ReplaySea.WALK);
    const landing = ground.found.named[data.landings[boats.landing[i] - 1]],
      centre = ground.found.centre?.[0];
    if (landing && centre) this.walks(dots, landing.at, centre.at, (t - ended) / ReplaySea.SHORE);
  }

  walks(dots, from, to, share) {
    if (share < 0 || share > 1) return;
    const [x, y] = [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
    replayMarks.stamp(this.c, replayMarks.group(dots, this.look), x, y);
  }

  sails(boats, i, t, dots, back) {
    const way = this.way(boats, i),
      { c } = this;
    if (!way) return;
    const u = this.share(boats, i, t),
      [x, y] = replayGround.bezier(...way, u),
      [ax, ay] = replayGround.bezier(...way, Math.min(u + 0.01, 1)),
      [bx, by] = replayGround.bezier(...way, Math.max(u - 0.01, 0));
    c.save();
    c.translate(x, y);
    c.rotate(Math.atan2(ay - by, ax - bx) + (back ? Math.PI : 0));
    replayMarks.stamp(c, replayMarks.hull(dots, this.look, back), 0, 0);
    c.restore();
  }

  stopped(boats, i, beach, alpha) {
    if (alpha <= 0) return;
    const out = boats.end[i] === this.data.INTERCEPTED ? 0.12 : 0,
      way = out && this.way(boats, i);
    const [x, y] = way ? replayGround.bezier(...way, out) : beach,
      wide = this.ground.width * 0.018;
    this.c.globalAlpha = Math.min(1, alpha + 0.15);
    replayMarks.cross(
      this.c,
      x + wide * replayMarks.scatter(i, 2),
      y + wide * 0.7 * replayMarks.scatter(i, 3),
      3.4,
      this.look,
    );
  }

  // People returned go one way and people admitted the other, one mark a person, in the middle of their day.
  exchange(run, t, linger) {
    const { ground, look, c } = this,
      marks = [
        [ground.returns, run.daily.returned, look.colours.returned, 0.35],
        [ground.admissions, run.daily.admitted, look.colours.admitted, 0.3],
      ];
    marks.forEach(([way, counts, colour, begins], kind) => {
      if (!way) return;
      for (let day = Math.max(0, Math.floor(t - linger)); day <= Math.min(t, counts.length - 1); day++) {
        if (counts[day])
          this.convoy(
            way,
            counts[day],
            (t - day - begins) / 0.4,
            1 - Math.max(t - day - begins - 0.4, 0) / linger,
            colour,
            kind,
          );
      }
    });
    c.globalAlpha = 1;
  }

  convoy(way, people, share, alpha, colour, kind) {
    if (share < 0 || alpha <= 0) return;
    const { c, ground } = this,
      front = Math.min(share, 1),
      gap = 9 / Math.hypot(way[2][0] - way[0][0], way[2][1] - way[0][1]);
    c.globalAlpha = 0.55 * alpha;
    c.strokeStyle = colour;
    c.lineWidth = 1.3;
    c.setLineDash(kind ? [7, 3, 1.5, 3] : [1.5, 3.5]);
    c.beginPath();
    c.moveTo(...way[0]);
    c.quadraticCurveTo(...way[1], ...way[2]);
    c.stroke();
    c.setLineDash([]);
    c.globalAlpha = share <= 1 ? 1 : 0.75 * alpha;
    c.fillStyle = colour;
    c.strokeStyle = this.look.colours.halo;
    c.lineWidth = 1;
    const marks = Math.ceil(people / ground.unit),
      tail = Math.max(0, Math.min(front, 1) * (1 + marks * gap) - marks * gap);
    for (let n = 0; n < marks; n++) {
      const u = Math.min(tail + n * gap, 1),
        [x, y] = replayGround.bezier(...way, u),
        [ax, ay] = replayGround.bezier(...way, Math.min(u + 0.02, 1)),
        [bx, by] = replayGround.bezier(...way, u - 0.02);
      if (kind) replayMarks.diamond(c, x, y, 3.6);
      else replayMarks.triangle(c, x, y, Math.atan2(ay - by, ax - bx), 3.4);
      c.stroke();
      c.fill();
    }
  }
}
