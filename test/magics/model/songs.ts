import { seededRandom } from "../../../magics/model/training/random.ts";

/** Songs whose genre hangs on speechiness, in the order of their genre. */
export function songs(count: number): Record<string, unknown>[] {
  const random = seededRandom(7);
  return Array.from({ length: count }, (_, id) => {
    const isRock = id < count * 0.7;
    return {
      track_id: 100 + id,
      genre: isRock ? "Rock" : "Hip-Hop",
      speechiness: isRock ? random() * 0.5 : 0.4 + random() * 0.5,
      tempo: 60 + random() * 120,
      studio: "here",
    };
  });
}
