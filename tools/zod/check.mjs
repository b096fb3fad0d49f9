// Reads a contract's document (first argument), then JSON lines of {operation, body} on stdin;
// prints the issues that zod finds in each body, one JSON line each.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import * as z from "zod";
import { builder } from "./schemas.mjs";

const document = JSON.parse(readFileSync(process.argv[2], "utf8"));
const build = builder(document.components.schemas);
const validators = new Map();

for (const item of Object.values(document.paths)) {
  for (const operation of Object.values(item)) {
    const schema = operation.requestBody?.content["application/json"].schema;
    if (schema) validators.set(operation.operationId, validator(schema));
  }
}

// A union over models is checked after the model itself: that is what a body without one shows,
// whose two issues were captured from the live API.
function validator(schema) {
  const whole = build(schema);
  if (schema.discriminator?.propertyName !== "model") return [whole];
  const models = schema.oneOf.map((option) => option.properties.model.const);
  return [z.looseObject({ model: z.string().pipe(z.enum(models)) }), whole];
}

function issues(checks, body) {
  const found = checks.map((check) => check.safeParse(body).error?.issues ?? []);
  const noObject = body === null || typeof body !== "object" || Array.isArray(body);
  return noObject ? found.at(-1) : found.flat();
}

for await (const line of createInterface({ input: process.stdin })) {
  const { operation, body } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(issues(validators.get(operation), body))}\n`);
}
