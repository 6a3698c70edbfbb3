import { MemoryArray } from "../wasm/memory-array.ts";
import type { Callee, ModuleBuilder } from "../wasm/module-builder.ts";
import { count, range, when } from "../wasm/statements.ts";
import type { Frame } from "./frame.ts";
import { divideParameters, type PartitionParameters } from "./partition.ts";

/**
 * `divide(column, start, middle, end, slot, least)` puts the counts of the answer's two parts
 * in the slot and the one after it, the left one there, and partitions the columns but where
 * neither part will be looked at again: one of `least` rows or of one class.
 */
export function defineClassDivide(
  module: ModuleBuilder,
  frame: Frame,
  partition: Callee<PartitionParameters>,
): void {
  const { columns, classes, slotsAt } = frame.layout;
  module.procedure("divide", divideParameters, (given, scope) => {
    const { column, start, middle, end, slot, least } = given;
    const { label, slotAt, leftSlotAt, isLeftDone, isRightDone, rightCount, leftCount } =
      scope.locals("i32", [
        "label",
        "slotAt",
        "leftSlotAt",
        "isLeftDone",
        "isRightDone",
        "rightCount",
        "leftCount",
      ]);
    const leftRows = middle.sub(start);
    const rightRows = end.sub(middle);
    const rightCounts = new MemoryArray("i32", slotAt);
    const leftCounts = new MemoryArray("i32", leftSlotAt);
    return [
      slotAt.set(slotsAt.add(slot.mul(classes).shl(2))),
      leftSlotAt.set(slotAt.add(classes.shl(2))),
      isLeftDone.set(leftRows.toDouble().le(least)),
      isRightDone.set(rightRows.toDouble().le(least)),
      count(range(label, 0, classes), [
        leftCount.set(frame.bestLeft.at(label)),
        rightCount.set(rightCounts.at(label).sub(leftCount)),
        leftCounts.set(label, leftCount),
        rightCounts.set(label, rightCount),
        isLeftDone.set(isLeftDone.or(leftCount.eq(leftRows))),
        isRightDone.set(isRightDone.or(rightCount.eq(rightRows))),
      ]),
      when(
        isLeftDone.and(isRightDone).not(),
        partition.call({ column, start, middle, end, first: 0, last: columns }),
      ),
    ];
  });
}
