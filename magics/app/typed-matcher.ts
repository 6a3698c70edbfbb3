import type { z } from "zod";
import type { IRouterMatcher } from "./express.ts";
import type { Handler, NoBody, RouteDefinition, TextFields } from "./route.ts";

type PathParams = z.ZodType<Record<string, string>>;

/** What `app.post` and its like take: Express's own signatures, and a typed route. */
export interface TypedMatcher<App> extends IRouterMatcher<App> {
  <
    Body extends z.ZodType = NoBody,
    Reply extends z.ZodType = z.ZodUnknown,
    Query extends z.ZodType = TextFields,
    Params extends z.ZodType = PathParams,
    Headers extends z.ZodType = TextFields,
  >(
    path: string,
    definition: RouteDefinition<Body, Reply, Query, Params, Headers>,
    handler: Handler<Body, Reply, Query, Params, Headers>,
  ): App;
}
