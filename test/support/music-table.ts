import { writeFile } from "node:fs/promises";

const features = [
  "acousticness",
  "danceability",
  "energy",
  "instrumentalness",
  "liveness",
  "speechiness",
  "tempo",
  "valence",
] as const;

/** Mean and spread of each feature by genre, roughly as in real tracks. */
const shapes: Record<string, readonly (readonly [mean: number, spread: number])[]> = {
  Rock: [
    [0.45, 0.3],
    [0.43, 0.13],
    [0.66, 0.22],
    [0.66, 0.3],
    [0.2, 0.12],
    [0.06, 0.03],
    [123, 28],
    [0.48, 0.22],
  ],
  "Hip-Hop": [
    [0.3, 0.25],
    [0.66, 0.12],
    [0.6, 0.17],
    [0.28, 0.3],
    [0.19, 0.12],
    [0.24, 0.13],
    [105, 27],
    [0.58, 0.22],
  ],
};

/**
 * Writes a table with the columns of the music set to `path`: made-up tracks, sorted by genre as
 * the real file is, the same for the same seed.
 */
export async function writeMusicTable(path: string, rows = 1200, seed = 7): Promise<void> {
  const random = generator(seed);
  const normal = () =>
    Math.sqrt(-2 * Math.log(random() || 1e-12)) * Math.cos(2 * Math.PI * random());
  const lines = [["track_id", "genre_top", ...features].join(",")];
  for (const [genre, count] of [
    ["Rock", Math.round(rows * 0.8)],
    ["Hip-Hop", Math.round(rows * 0.2)],
  ] as const) {
    for (let row = 0; row < count; row++) {
      const values = (shapes[genre] ?? []).map(([mean, spread], column) => {
        const value = mean + spread * normal();
        return column === 6
          ? Math.max(40, value).toFixed(3)
          : Math.min(0.99, Math.max(0.001, value)).toFixed(6);
      });
      lines.push([lines.length + 150, genre, ...values].join(","));
    }
  }
  await writeFile(path, `${lines.join("\n")}\n`);
}

/** Numbers from 0 to 1 by a linear congruence; good enough to make data with. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
