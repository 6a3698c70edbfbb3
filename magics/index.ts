/** What `import … from "colabcode"` gives. */

export { type AppOptions, createApp, type TypedApp } from "./app/create-app.ts";
export { eventStream } from "./app/event-stream.ts";
export { HttpError } from "./app/http-error.ts";
export {
  ColabCode,
  type ColabCodeOptions,
  type RunningServer,
  type RunOptions,
} from "./colabcode.ts";
export { readTable } from "./data/read-table.ts";
export { Table } from "./data/table.ts";
export { tableFromRows } from "./data/table-from-rows.ts";
export { ColabCodeError, type ErrorCode } from "./errors.ts";
export { extension } from "./extension.ts";
export { loadModel } from "./model/create-model.ts";
export type {
  Evaluation,
  Explanation,
  Model,
  ModelSchema,
  Row,
  SavedModel,
  TrainedModel,
} from "./model/model.ts";
export {
  confusionMatrix,
  importanceBars,
  type Picture,
  treePicture,
} from "./model/picture/picture.ts";
export { type TrainOptions, trainModel } from "./model/train-model.ts";
export type { RunningService, Service } from "./services/service.ts";
export type { Tunnel, TunnelProvider, TunnelRequest } from "./tunnels/tunnel.ts";
