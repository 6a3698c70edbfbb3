/** The program that serves a model, and the module that makes its model; beside this file. */
export const modelAppProgram = "model-app-process.js";
export const modelLoader = "../model/create-model.js";
