import type { MetricsSnapshot } from "../app/metrics.ts";
import type { ModelApiSettings } from "../app/model-app.ts";
import type { SavedModel } from "../model/model.ts";
import type { BindHost } from "./bind-host.ts";
import type { RecentRequest } from "./service.ts";

/** A model and how to serve it; travels over IPC, so that secrets show in no process list. */
export interface ModelAppOrder {
  readonly saved: SavedModel;
  /** URL of the module whose `createModel` makes the model of its saved form. */
  readonly loader: string;
  readonly api: ModelApiSettings;
  /** A request whose last byte comes later gets 408; 30 s unless given. */
  readonly timeoutMs: number | undefined;
}

/** To the process that serves. A closed channel means that the parent is gone. */
export type ModelAppRequest =
  | {
      readonly type: "start";
      readonly port: number;
      /** 127.0.0.1 unless given. */
      readonly host?: BindHost | undefined;
      readonly marker: string;
      readonly workers: number;
      readonly order: ModelAppOrder;
    }
  /** Loads another model beside the one that serves; answered by `prepared` or `failed`. */
  | { readonly type: "prepare"; readonly order: ModelAppOrder }
  /** Lets the prepared model serve from now on; answered by `switched`. */
  | { readonly type: "switch" }
  /** From a cluster to its workers: answered by `counted`. */
  | { readonly type: "count" }
  /** From a cluster to a worker: the answers to what it asked. */
  | { readonly type: "taken"; readonly id: number; readonly seconds: number }
  | { readonly type: "metrics"; readonly id: number; readonly text: string }
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
  /** From a worker to its cluster: what it counted. */
  | { readonly type: "counted"; readonly snapshot: MetricsSnapshot }
  /** From a worker to its cluster: may this client ask once more; answered by `taken`. */
  | { readonly type: "take"; readonly id: number; readonly client: string }
  /** From a worker to its cluster: what all have counted; answered by `metrics`. */
  | { readonly type: "read-metrics"; readonly id: number }
  | ({ readonly type: "stats" } & ModelAppStats);

/** Counts since the start, and the last requests, oldest first. */
export interface ModelAppStats {
  readonly requests: number;
  readonly errors: number;
  readonly recent: readonly RecentRequest[];
  /** What goes wrong beside the answers, in a sentence. */
  readonly trouble: string | undefined;
}
