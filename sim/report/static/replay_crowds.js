"use strict";
// Where the people of each camp stand on the map: the n-th person always on the same spot, nearest spots first.
const replayCrowds = (() => {
  const LABEL = 28; // pixels below a crowd for its number and name
  const ROUGH = 1.2; // how far, in steps between neighbours, the edge of a crowd is ragged

  // Land as a picture that can be asked pixel by pixel; without a coast everything counts as land.
  function mask(ground) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(ground.width);
    canvas.height = Math.ceil(ground.height);
    const c = canvas.getContext("2d", { willReadFrequently: true });
    if (ground.coast) c.fill(ground.land);
    else c.fillRect(0, 0, canvas.width, canvas.height);
    const { data } = c.getImageData(0, 0, canvas.width, canvas.height);
    return (x, y) => data[4 * (Math.round(y) * canvas.width + Math.round(x)) + 3] > 200;
  }

  function wanted(data, found) {
    const camps = (found.camp ?? []).map((place) => ({ place, camp: data.camps.indexOf(place.name) }));
    return [...camps, ...(found.centre ?? []).slice(0, 1).map((place) => ({ place, camp: -1 }))];
  }

  // The middle of the land around a place: crowds stand inland of their camp.
  function inland(at, reach, dry, ground) {
    let [x, y, land] = [0, 0, 0];
    for (let dx = -reach; dx <= reach; dx += reach / 8)
      for (let dy = -reach; dy <= reach; dy += reach / 8) {
        if (inside(ground, at[0] + dx, at[1] + dy) && dry(at[0] + dx, at[1] + dy)) {
          x += dx;
          y += dy;
          land += 1;
        }
      }
    const long = Math.hypot(x, y);
    return land && long > 0.5 ? [x / long, y / long] : [0.7, 0.7];
  }
  const inside = (ground, x, y) => x > 1 && y > 1 && x < ground.width - 1 && y < ground.height - 1;

  // Crowds are drawn to the land behind their camps and pushed off each other, the marks, the sea and the frame.
  function settle(crowds, ground, dry) {
    const marks = Object.values(ground.found.named).map((p) => p.at),
      turns = Array.from({ length: 16 }, (_, i) => [Math.cos((i * Math.PI) / 8), Math.sin((i * Math.PI) / 8)]);
    for (let round = 0; round < 260; round++) {
      for (const crowd of crowds) {
        const { at, goal, r } = crowd;
        for (const i of [0, 1]) at[i] += 0.05 * (goal[i] - at[i]);
        for (const [dx, dy] of turns) {
          const [x, y] = [at[0] + dx * (r + 3), at[1] + dy * (r + 3)];
          if (!inside(ground, x, y + (dy > 0 ? LABEL * dy : 0)) || !dry(x, y)) {
            at[0] -= 0.9 * dx;
            at[1] -= 0.9 * dy;
          }
        }
        for (const mark of marks) push(at, mark, r + 8, 0.5);
        for (const other of crowds)
          if (other !== crowd)
            push(
              at,
              other.at,
              r + other.r + 5 + LABEL * Math.min(1, Math.abs(at[1] - other.at[1]) / (r + other.r)),
              (0.9 * other.r) / (r + other.r),
            );
      }
    }
  }

  function push(at, from, apart, force) {
    const [dx, dy] = [at[0] - from[0], at[1] - from[1]],
      far = Math.hypot(dx, dy) || 1;
    if (far >= apart) return;
    at[0] += (force * (apart - far) * dx) / far;
    at[1] += (force * (apart - far) * dy) / far;
  }

  // The middles of the crowds and how far each reaches when it is nearly at its fullest.
  function places(data, ground) {
    const dry = mask(ground),
      { step, unit } = ground,
      crowds = wanted(data, ground.found);
    for (const crowd of crowds) {
      crowd.most = Math.ceil(data.most((r) => (crowd.camp < 0 ? r.stocks.centre : r.waiting[crowd.camp])) / unit);
      crowd.r = 0.54 * step * Math.sqrt(0.7 * crowd.most) + step;
      const [dx, dy] = inland(crowd.place.at, 3 * crowd.r, dry, ground),
        far = crowd.r + 10;
      crowd.goal = [crowd.place.at[0] + far * dx, crowd.place.at[1] + far * dy];
      crowd.at = [...crowd.goal];
    }
    settle(crowds, ground, dry);
    ground.dry = dry;
    return crowds;
  }

  // Whose ground a spot is: the nearest crowd's, the larger reaching farther.
  function owner(crowds, x, y) {
    let best = null,
      least = Infinity;
    for (const crowd of crowds) {
      const far = (x - crowd.at[0]) ** 2 + (y - crowd.at[1]) ** 2 - crowd.r ** 2;
      if (far < least) {
        least = far;
        best = crowd;
      }
    }
    return best;
  }

  // Spots on dry land off the signs, sorted by distance; were there too few, people would stand beyond the shore.
  function fill(crowds, ground, taken) {
    const { step, width, height, dry } = ground,
      rise = step * 0.9;
    for (const crowd of crowds) crowd.spots = [];
    for (let row = 0, y = step; y < height - step; y += rise, row++) {
      for (let x = step * (row % 2 ? 1.5 : 1); x < width - step; x += step) {
        const crowd = owner(crowds, x, y),
          n = row * 9973 + Math.round(x * 7);
        if (!crowd) continue;
        const far = Math.hypot(x - crowd.at[0], y - crowd.at[1]);
        if (far > 2.4 * crowd.r + 12 * step || taken.some((b) => x > b[0] && x < b[2] && y > b[1] && y < b[3]))
          continue;
        const [dx, dy] = [0.2 * step * replayMarks.scatter(n, 4), 0.2 * step * replayMarks.scatter(n, 5)];
        crowd.spots.push([far + ROUGH * step * replayMarks.scatter(n, 6) + (dry(x, y) ? 0 : 1e6), x + dx, y + dy]);
      }
    }
    for (const crowd of crowds) {
      crowd.spots.sort((one, two) => one[0] - two[0]);
      crowd.spots.length = Math.min(crowd.spots.length, crowd.most);
      const xs = crowd.spots.map((s) => s[1]),
        ys = crowd.spots.map((s) => s[2]);
      crowd.box = [
        Math.floor(Math.min(...xs, width) - step),
        Math.floor(Math.min(...ys, height) - step),
        Math.ceil(Math.max(...xs, 0) + step),
        Math.ceil(Math.max(...ys, 0) + step),
      ];
    }
  }

  function dots(c, crowd, from, to, size) {
    c.beginPath();
    for (let n = from; n < to && n < crowd.spots.length; n++)
      c.rect(crowd.spots[n][1] - size / 2, crowd.spots[n][2] - size / 2, size, size);
    c.fill();
  }

  return { places, fill, dots, LABEL };
})();
