import { networkUrl } from "../services/bind-host.ts";
import type { End, RunningService } from "../services/service.ts";
import type { SessionPlan } from "./session-plan.ts";
import type { SessionState, SessionView } from "./session-view.ts";
import type { Share } from "./share.ts";

/** What a session is made of at one moment. */
export interface SessionParts {
  readonly name: string;
  readonly plan: SessionPlan;
  readonly state: SessionState;
  readonly startedAt: Date;
  readonly liveAt: Date | undefined;
  readonly endedAt: Date | undefined;
  readonly end: End | undefined;
  readonly service: RunningService | undefined;
  readonly share: Share | undefined;
  readonly progress: SessionView["progress"];
  readonly notes: readonly string[];
}

/** The parts of a session as others see it; of one that has ended, no secret. */
export function composeView({ plan, service, share, end, ...own }: SessionParts): SessionView {
  return {
    ...own,
    kind: plan.kind,
    endReason: end?.reason,
    summary: service?.summary ?? plan.service.kind,
    pid: service?.pid,
    port: service?.port,
    localUrl: service?.url,
    publicUrl: share?.url,
    networkUrl: service && networkUrl(plan.host, service.port),
    tunnel: share?.provider,
    pagePath: share?.pagePath,
    pageHtml: share?.pageHtml,
    links: service?.links ?? [],
    secret: own.state === "ended" ? undefined : service?.secret,
    trouble: service?.trouble?.(),
    endsWith: plan.endsWith,
    stats: service?.stats(),
    recent: service?.recent?.() ?? [],
    log: service?.log() ?? [],
  };
}
