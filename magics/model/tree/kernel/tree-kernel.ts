import type { FlatTree } from "../flat-tree.ts";
import { ModuleBuilder } from "../wasm/module-builder.ts";
import { WebAssembly, type WebAssemblyMemory } from "../wasm/web-assembly.ts";
import { defineClassDivide } from "./class-divide.ts";
import { defineClassSplit } from "./class-split.ts";
import { configuration, createFrame } from "./frame.ts";
import { answerAt, type Layout, layOut, pagesFor, type Sizes } from "./layout.ts";
import { defineNumberDivide } from "./number-divide.ts";
import { defineNumberSplit } from "./number-split.ts";
import { definePartition } from "./partition.ts";
import { defineSortColumn } from "./sort-column.ts";

/** The functions of the WebAssembly module; what they do is said where each is defined. */
export interface KernelFunctions {
  configure(...layout: number[]): void;
  sortColumn(column: number): void;
  /** Of regressions. */
  orderRows(): void;
  bestSplit(start: number, end: number, slot: number): void;
  divide(
    column: number,
    start: number,
    middle: number,
    end: number,
    slot: number,
    least: number,
  ): void;
  /** Of classifiers. */
  repeatedSum(step: number, times: number): number;
  /** Of regressions. */
  mean(start: number, end: number): number;
}

type Kind = FlatTree["kind"];

interface KernelInstance {
  readonly functions: KernelFunctions;
  readonly memory: WebAssemblyMemory;
}

const instances: Partial<Record<Kind, KernelInstance>> = {};

/** The kernel of this thread, made when it is first asked for. Its memory is used again. */
export function kernelInstance(kind: Kind): KernelInstance {
  const existing = instances[kind];
  if (existing !== undefined) return existing;
  const memory = new WebAssembly.Memory({ initial: 1 });
  const module = new WebAssembly.Module(kernelBytes(kind));
  const { exports } = new WebAssembly.Instance(module, { host: { memory } });
  const instance = { functions: exports as KernelFunctions, memory }; // As defined below.
  instances[kind] = instance;
  return instance;
}

function kernelBytes(kind: Kind): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  const frame = createFrame(module);
  const partition = definePartition(module, frame);
  defineSortColumn(module, frame);
  if (kind === "classifier") {
    defineClassSplit(module, frame);
    defineClassDivide(module, frame, partition);
  } else {
    defineNumberSplit(module, frame);
    defineNumberDivide(module, frame, partition);
  }
  return module.bytes();
}

/** The kernel with room for one growth. */
export class TreeKernel {
  readonly functions: KernelFunctions;
  readonly layout: Layout;
  readonly #memory: WebAssemblyMemory;
  #slots = 0;
  #ints = new Int32Array();
  #doubles = new Float64Array();

  /** Throws BAD_TABLE where the sizes are too large. */
  constructor(kind: Kind, sizes: Sizes) {
    const { functions, memory } = kernelInstance(kind);
    this.functions = functions;
    this.#memory = memory;
    this.layout = layOut(sizes);
    this.ensureSlots(64);
    functions.configure(...configuration(this.layout));
  }

  /** Makes sure of room for the counts by class of so many nodes that wait. */
  ensureSlots(count: number): void {
    if (count <= this.#slots) return;
    this.#slots = count * 2;
    const { slotsAt, classes } = this.layout;
    const pages = pagesFor(slotsAt + this.#slots * classes * 4);
    const missing = pages - this.#memory.buffer.byteLength / 65_536;
    if (missing > 0) this.#memory.grow(missing);
    this.#ints = new Int32Array(this.#memory.buffer);
    this.#doubles = new Float64Array(this.#memory.buffer);
  }

  /** Brings a column's values in order. */
  sort(column: number, values: Float64Array): void {
    this.#doubles.set(values, this.layout.sourceAt / 8);
    this.functions.sortColumn(column);
  }

  /** The rows' classes; to be set before the columns are sorted. */
  setLabels(labels: Uint16Array): void {
    new Uint16Array(this.#memory.buffer, this.layout.targetsAt).set(labels);
  }

  /** The rows' targets. */
  setTargets(targets: Float64Array): void {
    this.#doubles.set(targets, this.layout.targetsAt / 8);
    this.functions.orderRows();
  }

  /** The number of rows of a class in a slot. */
  countAt(slot: number, label: number): number {
    const { slotsAt, classes } = this.layout;
    return this.#ints[slotsAt / 4 + slot * classes + label] as number;
  }

  setCounts(counts: ArrayLike<number>): void {
    this.#ints.set(counts, this.layout.slotsAt / 4);
  }

  /** Of the last split: `notFound` where there is none. */
  get column(): number {
    return this.#ints[answerAt.column / 4] as number;
  }

  get position(): number {
    return this.#ints[answerAt.position / 4] as number;
  }

  get threshold(): number {
    return this.#doubles[answerAt.threshold / 8] as number;
  }

  get gain(): number {
    return this.#doubles[answerAt.gain / 8] as number;
  }
}
