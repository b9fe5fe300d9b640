import * as v from 'valibot';

/** The value of JSON text, if it is what the schema says; undefined for any other text, such as that of a damaged file. */
export function parseJson<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
): v.InferOutput<Schema> | undefined {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  return result.success ? result.output : undefined;
}
