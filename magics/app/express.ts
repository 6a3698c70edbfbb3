/** The door to Express: nothing else here imports it. */
export {
  type Application,
  default as express,
  type Express,
  type IRouterMatcher,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from "express";
