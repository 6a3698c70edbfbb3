/** Files that many notebooks come to need, those that most need first. */
const frequent = [
  /@types\/node\/fs\.d\.ts$/,
  /@types\/node\/(?:path|url|os|fs\/promises)\.d\.ts$/,
  /@types\/node\/(?:crypto|util|events|stream|timers|timers\/promises)\.d\.ts$/,
  /@types\/node\/(?:http|https|net|child_process|zlib|readline)\.d\.ts$/,
  /\/undici-types\//,
];

/** What reads a file that is deferred, by its path. */
const unread = new Map<string, () => void>();

/** A file can be read before somebody asks what is in it. */
export function noteUnread(path: string, read: () => void): void {
  unread.set(path, read);
}

/** Somebody has asked; `path` may have been noted anew meanwhile, for another compiler. */
export function noteRead(path: string, read: () => void): void {
  if (unread.get(path) === read) unread.delete(path);
}

/** So long at least does reading ahead take at a time, in ms; at most one file longer. */
const aheadMs = 20;

/** Reads some more of the files that are often needed; false where none is left. */
export function readAhead(): boolean {
  const end = performance.now() + aheadMs;
  for (const pattern of frequent) {
    for (const [path, read] of unread) {
      if (!pattern.test(path)) continue;
      read();
      if (performance.now() > end) return true;
    }
  }
  return false;
}
