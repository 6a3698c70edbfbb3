/** What Node.js has and the library of TypeScript 5.0 lacks, by the first version that has it. */
const additions: readonly (readonly [nodeMajor: number, text: string])[] = [
  [
    20,
    `interface Array<T> {
  toReversed(): T[];
  toSorted(compare?: (a: T, b: T) => number): T[];
  toSpliced(start: number, deleteCount: number, ...items: T[]): T[];
  toSpliced(start: number, deleteCount?: number): T[];
  with(index: number, value: T): T[];
}
interface ReadonlyArray<T> {
  toReversed(): T[];
  toSorted(compare?: (a: T, b: T) => number): T[];
  toSpliced(start: number, deleteCount: number, ...items: T[]): T[];
  toSpliced(start: number, deleteCount?: number): T[];
  with(index: number, value: T): T[];
}
interface Float64Array {
  toReversed(): Float64Array;
  toSorted(compare?: (a: number, b: number) => number): Float64Array;
  with(index: number, value: number): Float64Array;
}
interface String {
  isWellFormed(): boolean;
  toWellFormed(): string;
}`,
  ],
  [
    21,
    `interface ObjectConstructor {
  groupBy<K extends PropertyKey, T>(items: Iterable<T>, key: (item: T, index: number) => K): Partial<Record<K, T[]>>;
}
interface MapConstructor {
  groupBy<K, T>(items: Iterable<T>, key: (item: T, index: number) => K): Map<K, T[]>;
}`,
  ],
  [
    22,
    `interface PromiseConstructor {
  withResolvers<T>(): {
    promise: Promise<T>;
    resolve: (value: T | PromiseLike<T>) => void;
    reject: (reason?: any) => void;
  };
}
interface ArrayConstructor {
  fromAsync<T>(items: AsyncIterable<T> | Iterable<T | PromiseLike<T>> | ArrayLike<T | PromiseLike<T>>): Promise<T[]>;
  fromAsync<T, U>(items: AsyncIterable<T> | Iterable<T> | ArrayLike<T>, map: (value: Awaited<T>, index: number) => U): Promise<Awaited<U>[]>;
}
interface Set<T> {
  union<U>(other: ReadonlySet<U>): Set<T | U>;
  intersection<U>(other: ReadonlySet<U>): Set<T & U>;
  difference<U>(other: ReadonlySet<U>): Set<T>;
  symmetricDifference<U>(other: ReadonlySet<U>): Set<T | U>;
  isSubsetOf(other: ReadonlySet<unknown>): boolean;
  isSupersetOf(other: ReadonlySet<unknown>): boolean;
  isDisjointFrom(other: ReadonlySet<unknown>): boolean;
}`,
  ],
];

/** Declarations for the built-in functions of a version of Node.js, e.g. `20.19.0`. */
export function libraryAdditions(nodeVersion: string): string {
  const major = Number.parseInt(nodeVersion, 10);
  return additions
    .filter(([since]) => since <= major)
    .map(([, text]) => text)
    .join("\n");
}
