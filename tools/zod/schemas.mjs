// The contract's schemas, written with the constructors that a server's author would use.

import * as z from "zod";

export function builder(components) {
  const named = new Map();

  function build(schema) {
    if (schema.$ref) return reference(schema.$ref);
    if (schema.discriminator) {
      const options = schema.oneOf.map(build);
      return z.discriminatedUnion(schema.discriminator.propertyName, options);
    }
    const options = schema.anyOf ?? schema.oneOf;
    if (options) return union(options);
    if (Array.isArray(schema.type)) return union(schema.type.map((type) => ({ ...schema, type })));
    if ("const" in schema) return z.literal(schema.const);
    if (schema.enum) return schema.enum.every(isString) ? z.enum(schema.enum) : z.literal(schema.enum);
    return typed(schema);
  }

  function reference(ref) {
    const name = ref.split("/").at(-1);
    if (!named.has(name)) named.set(name, build(components[name]));
    return named.get(name);
  }

  function union(options) {
    const others = options.filter((option) => option.type !== "null");
    const either = others.length === 1 ? build(others[0]) : z.union(others.map(build));
    return others.length < options.length ? either.nullable() : either;
  }

  function typed(schema) {
    switch (schema.type) {
      case "object":
        return object(schema);
      case "array":
        return bounded(z.array(build(schema.items ?? {})), schema.minItems, schema.maxItems);
      case "string":
        return string(schema);
      case "integer":
        return number(z.int(), schema);
      case "number":
        return number(z.number(), schema);
      case "boolean":
        return z.boolean();
      case "null":
        return z.null();
      case undefined:
        return z.unknown();
      default:
        throw new Error(`no constructor for the type ${schema.type}`);
    }
  }

  function object(schema) {
    const rest = schema.additionalProperties;
    if (rest && typeof rest === "object") return z.record(z.string(), build(rest));
    const shape = {};
    for (const [key, property] of Object.entries(schema.properties ?? {})) {
      const field = build(property);
      if ("default" in property) shape[key] = field.default(property.default);
      else shape[key] = schema.required?.includes(key) ? field : field.optional();
    }
    return rest === false ? z.strictObject(shape) : z.object(shape);
  }

  return build;
}

const FORMATS = {
  uuid: () => z.uuidv4(),
  "date-time": () => z.iso.datetime({ offset: true }),
  date: () => z.iso.date(),
  uri: () => z.url(),
};

function string(schema) {
  const base = schema.format ? FORMATS[schema.format]() : z.string();
  const sized = bounded(base, schema.minLength, schema.maxLength);
  return schema.pattern === undefined ? sized : sized.regex(new RegExp(schema.pattern));
}

function number(base, schema) {
  let built = base;
  if ("minimum" in schema) built = built.min(schema.minimum);
  if ("exclusiveMinimum" in schema) built = built.gt(schema.exclusiveMinimum);
  if ("maximum" in schema) built = built.max(schema.maximum);
  if ("exclusiveMaximum" in schema) built = built.lt(schema.exclusiveMaximum);
  return built;
}

function bounded(base, low, high) {
  const from = low === undefined ? base : base.min(low);
  return high === undefined ? from : from.max(high);
}

function isString(value) {
  return typeof value === "string";
}
