import type { SavedModel } from "../model/model.ts";
import type { RecentRequest } from "./service.ts";

/** A model and how to serve it; travels over IPC, so that secrets show in no process list. */
export interface ModelAppOrder {
  readonly saved: SavedModel;
  /** URL of the module whose `createModel` makes the model of its saved form. */
  readonly loader: string;
  readonly auth: string | undefined;
  readonly apiKey: string | undefined;
  readonly maxBodyBytes: number | undefined;
}

/** To the process that serves. A closed channel means that the parent is gone. */
export type ModelAppRequest =
  | {
      readonly type: "start";
      readonly port: number;
      readonly marker: string;
      readonly workers: number;
      readonly order: ModelAppOrder;
    }
  /** Loads another model beside the one that serves; answered by `prepared` or `failed`. */
  | { readonly type: "prepare"; readonly order: ModelAppOrder }
  /** Lets the prepared model serve from now on; answered by `switched`. */
  | { readonly type: "switch" }
  | { readonly type: "allow-hosts"; readonly hosts: readonly string[] | undefined }
  /** Finishes what is under way, then exits. */
  | { readonly type: "end" };

export type ModelAppReport =
  /** The process takes orders; a cluster's worker loses what it is sent before. */
  | { readonly type: "ready" }
  | { readonly type: "listening"; readonly port: number }
  | { readonly type: "prepared" }
  | { readonly type: "switched" }
  | { readonly type: "failed"; readonly code: string; readonly message: string }
  | ({ readonly type: "stats" } & ModelAppStats);

/** Counts since the start, and the last requests, oldest first. */
export interface ModelAppStats {
  readonly requests: number;
  readonly errors: number;
  readonly recent: readonly RecentRequest[];
}
