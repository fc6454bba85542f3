"use strict";
// One map of the replay: what moves on it at a moment `t` (days since the first day of the run).
class ReplayMap extends ReplaySea {
  static REMEMBER = 14; // days for which the number of a death is shown
  static KEPT = 400; // people of a crowd that are drawn at once
  static LONGEST = 2.6; // days that the longest crossing takes, waiting at the landing included

  constructor(canvas, data) {
    super();
    Object.assign(this, { canvas, data, c: canvas.getContext("2d") });
    this.longest = Math.max(
      ReplayMap.LONGEST,
      ...data.runs.map((r) => r.boats.took.reduce((a, b) => Math.max(a, b), 0) / 1440),
    );
  }

  // Lays everything out anew for a width, a theme and a run (whose exchange, if it has none, is not named).
  lay(width, colours, run) {
    const dpr = Math.min(window.devicePixelRatio || 1, 2);
    const ground = (this.ground = replayGround.lay(this.data, width));
    this.dpr = dpr;
    this.canvas.width = Math.round(width * dpr);
    this.canvas.height = Math.round(ground.height * dpr);
    this.canvas.style.aspectRatio = `${width} / ${ground.height}`;
    this.under = this.layer((c) => replayGround.paintUnder(c, ground, this.data, colours));
    this.over = this.layer((c) =>
      replayGround.paintOver(c, ground, colours, {
        returned: run.daily.returned.some(Boolean),
        admitted: run.daily.admitted.some(Boolean),
      }),
    );
    const size = Math.max(1, ground.step * 0.62);
    this.look = {
      colours,
      dpr,
      step: ground.step,
      size,
      seat: Math.max(1.55, ground.step * 0.8),
      key: `${ground.step} ${colours.sea}`,
    };
    this.pictures = ground.crowds.map(() => []);
  }

  layer(paint) {
    const canvas = document.createElement("canvas");
    canvas.width = this.canvas.width;
    canvas.height = this.canvas.height;
    const c = canvas.getContext("2d");
    c.scale(this.dpr, this.dpr);
    paint(c);
    return canvas;
  }

  // Draws a moment. `linger` is for how many days what has ended stays visible.
  draw(run, t, linger) {
    const { c, ground } = this,
      day = Math.min(Math.floor(t), this.data.days - 1);
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.drawImage(this.under, 0, 0);
    c.setTransform(this.dpr, 0, 0, this.dpr, 0, 0);
    c.lineCap = "round";
    this.crowds(run, day);
    const { firstFrom } = this.data,
      from = firstFrom(run.boats.launched, t - linger - this.longest),
      to = firstFrom(run.boats.launched, t + ReplaySea.WALK);
    for (let i = from; i < to; i++) this.track(run.boats, i, t, linger);
    for (let i = from; i < to; i++) this.boat(run.boats, i, t, linger);
    c.globalAlpha = 1;
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.drawImage(this.over, 0, 0);
    c.setTransform(this.dpr, 0, 0, this.dpr, 0, 0);
    this.counts(run, day);
    this.exchange(run, t, linger);
    this.deaths(run, t);
    return to - from;
  }

  // Each camp's people, as many dots as the evening's count: a kept picture of most of them, and the last few.
  crowds(run, day) {
    const { c, ground, look } = this;
    ground.crowds.forEach((crowd, i) => {
      const dots = Math.round(this.people(run, day, crowd.camp) / ground.unit),
        whole = Math.floor(dots / ReplayMap.KEPT),
        [left, top, right, bottom] = crowd.box;
      if (whole) c.drawImage(this.crowdPicture(crowd, i, whole), left, top, right - left, bottom - top);
      c.fillStyle = look.colours.people;
      replayCrowds.dots(c, crowd, whole * ReplayMap.KEPT, dots, look.size);
    });
  }

  // The first so many times KEPT dots of a crowd; each picture is made once, from the one before.
  crowdPicture(crowd, i, whole) {
    const pictures = this.pictures[i];
    for (let n = pictures.length || 1; n <= whole; n++) {
      const [left, top, right, bottom] = crowd.box,
        canvas = document.createElement("canvas"),
        c = canvas.getContext("2d");
      canvas.width = Math.max(1, (right - left) * this.dpr);
      canvas.height = Math.max(1, (bottom - top) * this.dpr);
      if (pictures[n - 1]) c.drawImage(pictures[n - 1], 0, 0);
      c.scale(this.dpr, this.dpr);
      c.translate(-left, -top);
      c.fillStyle = this.look.colours.people;
      replayCrowds.dots(c, crowd, (n - 1) * ReplayMap.KEPT, n * ReplayMap.KEPT, this.look.size);
      pictures[n] = canvas;
    }
    return pictures[whole];
  }

  people(run, day, camp) {
    return camp < 0 ? (run.stocks.centre?.[day] ?? 0) : run.waiting[camp][day];
  }

  // Under each stretch its patrol units, under each crowd the number of its people.
  counts(run, day) {
    const { c, look, data } = this;
    for (const sign of this.ground.signs) {
      const [left, top] = sign.box;
      if (sign.below)
        replayMarks.units(
          c,
          left,
          top + sign.lines.length * sign.size * 1.2 + 2,
          run.units[data.sectors.indexOf(sign.place.name)][day],
          look,
        );
      if (sign.counts === undefined) continue;
      const people = data.number(this.people(run, day, sign.counts));
      c.font = `700 ${sign.size}px ${replayGround.FONT}`;
      c.textAlign = "center";
      c.textBaseline = "top";
      c.lineJoin = "round";
      c.strokeStyle = look.colours.halo;
      c.lineWidth = 3;
      c.strokeText(people, sign.middle, top);
      c.fillStyle = look.colours.peopleInk;
      c.fillText(people, sign.middle, top);
    }
  }

  // Those of the measured window stay as rings; before it only the recent ones are shown.
  deaths(run, t) {
    const [measured] = run.scenario.measured;
    for (const { boat, people, at } of run.deaths) {
      if (at > t) break;
      const recent = t - at < ReplayMap.REMEMBER;
      if (!recent && (at < measured || t < measured)) continue;
      const way = this.way(run.boats, boat);
      if (way) replayMarks.death(this.c, ...replayGround.bezier(...way, 0.5), people, recent, this.look);
    }
  }
}
