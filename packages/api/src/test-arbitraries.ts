import fc from 'fast-check';

/** As much of JSON Schema as the document uses. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly prefixItems?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
}

/** Longest text and list that are made where the schema allows long ones. */
const LONGEST = 24;
const URLS = ['https://videos.example.org/a.mp4', 'http://videos.example.org:8080/%61/b%20c.mp4?d=e'];

/**
 * Values that fit a schema. `known` gives values of the system for patterns of ids, so that some requests name what is there.
 */
export function valuesOf(
  schema: JsonSchema,
  { components, known }: { components: Readonly<Record<string, JsonSchema>>; known: (pattern: string) => string[] },
): fc.Arbitrary<unknown> {
  const make = (of: JsonSchema): fc.Arbitrary<unknown> => {
    if (of.$ref !== undefined) return make(components[of.$ref.split('/').at(-1) ?? ''] ?? {});
    const choices = of.anyOf ?? of.oneOf;
    if (choices !== undefined) return fc.oneof(...choices.map(make));
    if (of.const !== undefined) return fc.constant(of.const);
    if (of.enum !== undefined) return fc.constantFrom(...of.enum);
    switch ([of.type].flat()[0]) {
      case 'string':
        return texts(of);
      case 'integer':
        return fc.integer({ min: Math.max(of.minimum ?? -1000, -1e6), max: Math.min(of.maximum ?? 1000, 1e6) });
      case 'number':
        return fc.double({ min: of.minimum ?? -1e6, max: of.maximum ?? 1e6, noNaN: true });
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      case 'array':
        return of.prefixItems === undefined
          ? fc.array(make(of.items ?? {}), { minLength: of.minItems ?? 0, maxLength: 3 })
          : fc.tuple(...of.prefixItems.map(make));
      case 'object':
        return objects(of);
      default:
        return fc.jsonValue({ maxDepth: 2 });
    }
  };

  const texts = ({ pattern, format, minLength = 0, maxLength = LONGEST }: JsonSchema): fc.Arbitrary<string> => {
    if (format === 'uri') return fc.constantFrom(...URLS);
    if (format === 'date-time') return fc.constant('2026-01-02T03:04:05.678Z');
    if (pattern === undefined) {
      return fc.string({ unit: 'grapheme', minLength, maxLength: Math.max(minLength, Math.min(maxLength, LONGEST)) });
    }
    const there = known(pattern);
    const any = fc.stringMatching(new RegExp(pattern));
    return there.length === 0 ? any : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...there) }, any);
  };

  const objects = ({ properties = {}, required = [], additionalProperties }: JsonSchema): fc.Arbitrary<unknown> => {
    const named = fc.record(Object.fromEntries(Object.entries(properties).map(([name, of]) => [name, make(of)])), {
      requiredKeys: [...required],
      noNullPrototype: true,
    });
    if (typeof additionalProperties !== 'object') return named;
    const more = fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), make(additionalProperties), { maxKeys: 2 });
    return fc.tuple(named, more).map(([own, other]) => ({ ...other, ...own }));
  };

  return make(schema);
}

const DEEP = JSON.parse(`${'['.repeat(70)}${']'.repeat(70)}`);

/** Values that fit next to nothing. */
export const ODD_VALUES: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  ...[
    null,
    '',
    '\0',
    '\ud800',
    'x'.repeat(5000),
    '../../etc/passwd',
    '=1+1',
    'undefined',
    'job_',
    'https://',
    'file:///x',
  ],
  ...[-1, 0, 0.5, 1e308, 2 ** 53, true, [], {}, [[]], { type: 'url' }, DEEP, Array(300).fill(0)],
);

/** A JSON value with one thing in it replaced, taken away or added. */
export function mutationsOf(value: unknown): fc.Arbitrary<unknown> {
  const places = placesIn(value);
  return fc
    .record({ place: fc.constantFrom(...places), odd: ODD_VALUES, how: fc.constantFrom('replace', 'remove', 'add') })
    .map(({ place, odd, how }) => changed(value, place, { odd, how }));
}

type Place = readonly (string | number)[];

function placesIn(value: unknown, here: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [here];
  return [here, ...Object.entries(value).flatMap(([key, child]) => placesIn(child, [...here, key]))];
}

function changed(value: unknown, [key, ...rest]: Place, change: { odd: unknown; how: string }): unknown {
  if (key === undefined) {
    return change.how === 'add' && isObject(value) ? { ...value, unheardOf: change.odd } : change.odd;
  }
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...(value as object) };
  if (rest.length === 0 && change.how === 'remove') Reflect.deleteProperty(copy, key);
  else Reflect.set(copy, key, changed(Reflect.get(copy, key), rest, change));
  return copy;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
