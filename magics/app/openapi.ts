import { STATUS_CODES } from "node:http";
import type { z } from "zod";
import type { AppOptions } from "./create-app.ts";
import { type Components, type JsonSchema, toComponent, toJsonSchema } from "./json-schema.ts";
import type { Route } from "./route.ts";

type Json = Record<string, unknown>;

/** An OpenAPI 3.1 document as plain JSON. */
export interface OpenApiDocument extends Json {
  readonly openapi: "3.1.0";
  readonly paths: Record<string, Record<string, unknown>>;
}

/** Describes an app's documented routes; all URLs in it are relative to where it is served. */
export function describeApp(options: AppOptions, routes: readonly Route[]): OpenApiDocument {
  const components: Components = {};
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    if (route.definition.isDocumented === false) continue;
    const path = toTemplate(route.path);
    paths[path] ??= {};
    paths[path][route.method] = describeOperation(route, options, components);
  }
  const guards = options.guards ?? [];
  const schemes = Object.fromEntries(guards.map(({ name, scheme }) => [name, scheme]));
  const securitySchemes = { ...options.securitySchemes, ...schemes };
  return {
    openapi: "3.1.0",
    info: withoutUndefined({
      title: options.title,
      version: options.version,
      summary: options.summary,
      description: options.description,
    }),
    servers: [{ url: "./" }],
    paths,
    components: {
      schemas: { ...components, ...errorSchemas },
      ...(Object.keys(securitySchemes).length > 0 ? { securitySchemes } : {}),
    },
    ...(options.tags === undefined ? {} : { tags: options.tags }),
  };
}

function describeOperation(route: Route, options: AppOptions, components: Components): Json {
  const { definition } = route;
  const operationId = definition.operationId ?? nameOperation(route);
  const name = operationId.charAt(0).toUpperCase() + operationId.slice(1);
  const parameters = [
    ...describePath(route),
    ...describeParameters(definition.query, "query"),
    ...describeParameters(definition.headers, "header"),
  ];
  return withoutUndefined({
    operationId,
    summary: definition.summary,
    description: definition.description,
    tags: definition.tags,
    deprecated: definition.isDeprecated,
    parameters: parameters.length > 0 ? parameters : undefined,
    requestBody: describeBody(route, `${name}Request`, components),
    responses: describeReplies(route, `${name}Response`, { options, components }),
    security: describeSecurity(route, options),
  });
}

/** `POST /items/:id/tags` is `postItemsIdTags`. */
function nameOperation({ method, path }: Route): string {
  const words = path.split(/[^a-zA-Z0-9]+/).filter((word) => word !== "");
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

/** Express's `/items/:id` is OpenAPI's `/items/{id}`. */
function toTemplate(path: string): string {
  return path.replace(/[:*](\w+)/g, "{$1}").replace(/\{(\/[^{}]*\{\w+\})\}/g, "$1");
}

function describePath({ path, definition }: Route): Json[] {
  const { properties = {} } =
    definition.params === undefined ? {} : toJsonSchema(definition.params, "input");
  return [...path.matchAll(/[:*](\w+)/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: properties[name] ?? { type: "string" },
  }));
}

function describeParameters(schema: z.ZodType | undefined, place: "query" | "header"): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = toJsonSchema(schema, "input");
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = property as JsonSchema; // An object's properties here are schemas.
    return withoutUndefined({
      name,
      in: place,
      required: required.includes(name),
      description,
      schema: rest,
    });
  });
}

function describeBody({ definition }: Route, name: string, components: Components) {
  if (definition.body === undefined) return undefined;
  const schema = toComponent(definition.body, { name, io: "input", components });
  const media = withoutUndefined({ schema, example: definition.example });
  const others = (definition.otherBodies ?? []).map(({ type, example, description }) => [
    type,
    withoutUndefined({ schema: withoutUndefined({ type: "string", description }), example }),
  ]);
  const content = { [definition.bodyType ?? "application/json"]: media };
  return { required: true, content: { ...content, ...Object.fromEntries(others) } };
}

interface Whole {
  readonly options: AppOptions;
  readonly components: Components;
}

function describeReplies({ definition }: Route, name: string, whole: Whole): Json {
  const { response, status = 200, errors = {} } = definition;
  const replies: Json = {};
  const json =
    response === undefined
      ? {}
      : {
          "application/json": withoutUndefined({
            schema: toComponent(response, { name, io: "output", components: whole.components }),
            example: definition.responseExample,
          }),
        };
  const forms = { ...json, ...describeOtherReplies(definition) };
  const content = Object.keys(forms).length > 0 ? forms : undefined;
  replies[status] = withoutUndefined({ description: STATUS_CODES[status] ?? "Reply", content });
  const { body, query, params, headers } = definition;
  const isChecked = [body, query, params, headers].some((schema) => schema !== undefined);
  if (isChecked) replies[422] = errorReply("A field is wrong", "HTTPValidationError");
  if (body !== undefined) {
    replies[400] = errorReply("The request is broken");
    replies[413] = errorReply("The body is too large");
    replies[415] = errorReply("The body is of another type");
  }
  if (describeSecurity({ definition }, whole.options) !== undefined) {
    replies[401] = errorReply("Not authenticated");
    replies[403] = errorReply("Not allowed");
  }
  for (const [code, meaning] of Object.entries({ ...whole.options.errors, ...errors })) {
    const isForLater = code === "429" || code === "503";
    replies[code] = { ...errorReply(meaning), ...(isForLater ? { headers: retryHeaders } : {}) };
  }
  return replies;
}

function describeOtherReplies({ otherReplies = {} }: Route["definition"]): Json {
  const entries = Object.entries(otherReplies).map(([type, { example }]) => [
    type,
    withoutUndefined({ schema: type === "text/event-stream" ? eventSchema : textSchema, example }),
  ]);
  return Object.fromEntries(entries);
}

const textSchema = { type: "string" };

/** Of each event in the stream. */
const eventSchema = {
  type: "object",
  properties: { event: textSchema, id: textSchema, data: textSchema },
  required: ["data"],
};

const retryHeaders = {
  "Retry-After": {
    description: "Seconds after which to ask again",
    schema: { type: "integer", minimum: 0 },
  },
};

function errorReply(description: string, schema = "HTTPError"): Json {
  const $ref = `#/components/schemas/${schema}`;
  return { description, content: { "application/json": { schema: { $ref } } } };
}

function describeSecurity({ definition }: Pick<Route, "definition">, options: AppOptions) {
  const names = definition.security ?? (options.guards ?? []).map(({ name }) => name);
  // One entry that lists all: each of them is asked for.
  return names.length === 0 ? undefined : [Object.fromEntries(names.map((name) => [name, []]))];
}

function withoutUndefined(fields: Json): Json {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

const errorSchemas = {
  HTTPError: {
    type: "object",
    title: "HTTPError",
    properties: { detail: { type: "string", title: "Detail" } },
    required: ["detail"],
  },
  HTTPValidationError: {
    type: "object",
    title: "HTTPValidationError",
    properties: {
      detail: {
        type: "array",
        title: "Detail",
        items: { $ref: "#/components/schemas/ValidationError" },
      },
    },
    required: ["detail"],
  },
  ValidationError: {
    type: "object",
    title: "ValidationError",
    properties: {
      type: { type: "string", title: "Error Type" },
      loc: {
        type: "array",
        title: "Location",
        items: { anyOf: [{ type: "string" }, { type: "integer" }] },
      },
      msg: { type: "string", title: "Message" },
      input: { title: "Input" },
      ctx: { type: "object", title: "Context" },
    },
    required: ["type", "loc", "msg", "input"],
  },
};
