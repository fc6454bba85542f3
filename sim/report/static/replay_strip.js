"use strict";
// The strip of time under the map: arrivals and deaths of every day, the measured window, the exchange's term.
class ReplayStrip {
  static EDGE = 8; // half the width of the slider's thumb: the strip's days stand over the slider's

  constructor(canvas, data) {
    Object.assign(this, { canvas, data, c: canvas.getContext("2d") });
  }

  // Draws the days of a run, another run's arrivals behind them, and keeps the picture.
  lay(width, colours, run, other) {
    const dpr = Math.min(window.devicePixelRatio || 1, 2),
      height = 116;
    Object.assign(this, { dpr, width, height, colours, run });
    this.canvas.width = Math.round(width * dpr);
    this.canvas.height = Math.round(height * dpr);
    this.canvas.style.aspectRatio = `${width} / ${height}`;
    this.floor = height - 32;
    this.top = 22;
    const runs = other ? [run, other] : [run];
    this.highest = Math.max(10, ...runs.flatMap((r) => r.daily.arrivals));
    this.picture = document.createElement("canvas");
    this.picture.width = this.canvas.width;
    this.picture.height = this.canvas.height;
    const c = this.picture.getContext("2d");
    c.scale(dpr, dpr);
    this.paint(c, run, other);
  }

  x(day) {
    return ReplayStrip.EDGE + (day / Math.max(this.data.days - 1, 1)) * (this.width - 2 * ReplayStrip.EDGE);
  }
  y(people) {
    return this.floor - (people / this.highest) * (this.floor - this.top);
  }
  day(x) {
    return Math.round(((x - ReplayStrip.EDGE) / (this.width - 2 * ReplayStrip.EDGE)) * (this.data.days - 1));
  }

  paint(c, run, other) {
    const { colours } = this,
      [from, until] = run.scenario.measured;
    c.fillStyle = colours.strip;
    c.fillRect(0, this.top - 4, this.width, this.floor - this.top + 4);
    c.fillStyle = colours.window;
    c.fillRect(this.x(from), this.top - 4, this.x(until - 1) - this.x(from), this.floor - this.top + 4);
    this.scale(c);
    this.term(c, run, other);
    if (other) this.bars(c, other, colours.other);
    this.bars(c, run, colours.boat);
    this.deaths(c, run);
    this.months(c);
  }

  scale(c) {
    const { colours } = this,
      size = 10 ** Math.floor(Math.log10(this.highest)),
      nice = [5, 2, 1, 0.5].map((n) => n * size).find((n) => n <= this.highest * 0.95) ?? size;
    c.strokeStyle = colours.line;
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(0, this.y(nice));
    c.lineTo(this.width, this.y(nice));
    c.stroke();
    c.fillStyle = colours.soft;
    c.font = `10.5px ${replayGround.FONT}`;
    c.textAlign = "left";
    c.textBaseline = "bottom";
    c.fillText(`${this.data.number(nice)} arrivals a day`, 3, this.y(nice) - 1);
  }

  // The exchange's term as a bracket; the measured window in words if there is room.
  term(c, run, other) {
    const { colours } = this,
      term = run.scenario.exchange ?? other?.scenario.exchange,
      [from, until] = run.scenario.measured;
    c.font = `10.5px ${replayGround.FONT}`;
    c.textBaseline = "alphabetic";
    c.textAlign = "left";
    const words = term
      ? [term[0], term[1], run.scenario.exchange ? "exchange in force" : "exchange in force (in the policy)"]
      : [from, until, "measured window"];
    const left = this.x(words[0]),
      right = this.x(words[1] - 1);
    c.strokeStyle = colours.returned;
    c.lineWidth = 2;
    c.beginPath();
    c.moveTo(left, 18);
    c.lineTo(left, 14);
    c.lineTo(right, 14);
    c.lineTo(right, 18);
    c.stroke();
    c.fillStyle = colours.ink;
    c.fillText(words[2], left + 3, 10);
    if (from > 20 && this.x(from) > 130) {
      c.fillStyle = colours.soft;
      c.textAlign = "left";
      c.fillText("before the window", this.x(0), 10);
    }
  }

  bars(c, run, colour) {
    const wide = Math.max(0.8, (this.x(1) - this.x(0)) * 0.8);
    c.fillStyle = colour;
    run.daily.arrivals.forEach((people, day) => {
      if (people) c.fillRect(this.x(day) - wide / 2, this.y(people), wide, this.floor - this.y(people));
    });
  }

  deaths(c, run) {
    c.fillStyle = this.colours.dead;
    run.daily.deaths.forEach((people, day) => {
      if (people) {
        c.beginPath();
        c.arc(this.x(day), this.floor + 7, Math.min(1.1 + 0.9 * Math.sqrt(people), 5), 0, 7);
        c.fill();
      }
    });
  }

  months(c) {
    const { colours, data } = this;
    c.strokeStyle = colours.soft;
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(0, this.floor + 0.5);
    c.lineTo(this.width, this.floor + 0.5);
    c.stroke();
    c.fillStyle = colours.soft;
    c.font = `10.5px ${replayGround.FONT}`;
    c.textAlign = "left";
    c.textBaseline = "alphabetic";
    const room = this.x(30) - this.x(0),
      every = room > 58 ? 1 : room > 24 ? 3 : 6;
    for (let day = 0; day < data.days; day++) {
      const d = data.date(day),
        month = d.getUTCMonth();
      if (d.getUTCDate() !== 1) continue;
      c.beginPath();
      c.moveTo(this.x(day), this.floor);
      c.lineTo(this.x(day), this.floor + 4);
      c.stroke();
      const name = data.months[month].slice(0, 3);
      const words = month === 0 ? `${name} ${d.getUTCFullYear()}` : name;
      if (month % every === 0 && this.x(day) + c.measureText(words).width < this.width)
        c.fillText(words, this.x(day) + 1, this.height - 5);
    }
  }

  draw(t) {
    const { c } = this,
      x = this.x(Math.min(t, this.data.days - 1));
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.clearRect(0, 0, this.canvas.width, this.canvas.height);
    c.drawImage(this.picture, 0, 0);
    c.setTransform(this.dpr, 0, 0, this.dpr, 0, 0);
    c.strokeStyle = this.colours.halo;
    c.lineWidth = 4;
    c.beginPath();
    c.moveTo(x, this.top - 6);
    c.lineTo(x, this.height - 18);
    c.stroke();
    c.strokeStyle = this.colours.ink;
    c.lineWidth = 1.6;
    c.stroke();
  }
}
