/** Rows like the music set's: eight numbers from 0 to 1 (one of them a tempo) and a label. */
export function makeRows(count: number): Record<string, number | string>[] {
  let state = 42;
  const random = () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
  return Array.from({ length: count }, () => {
    const row = {
      acousticness: random(),
      danceability: random(),
      energy: random(),
      instrumentalness: random(),
      liveness: random(),
      speechiness: random(),
      tempo: 60 + 140 * random(),
      valence: random(),
    };
    const isFast = row.tempo > 120 !== row.energy < 0.3 && random() < 0.95;
    return { ...row, genre: isFast ? "fast" : "slow" };
  });
}
