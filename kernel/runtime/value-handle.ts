/**
 * A display whose later values are given as the first one was. As the value of a cell it shows
 * nothing more: what it stands for is shown already.
 */
export class ValueHandle<Value> {
  readonly id: string;
  readonly #update: (value: Value) => void;

  constructor(id: string, update: (value: Value) => void) {
    this.id = id;
    this.#update = update;
  }

  update(value: Value): void {
    this.#update(value);
  }
}
