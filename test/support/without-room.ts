/**
 * Words for `sh` before a program of which no file may get longer than `blocks` of 512 bytes, nor of
 * its children: a write beyond fails as on a full disk, and nothing has to be mounted for it.
 */
export function withoutRoom(blocks: number): string[] {
  return ["-c", `trap "" XFSZ; ulimit -f ${blocks}; exec "$0" "$@"`];
}
