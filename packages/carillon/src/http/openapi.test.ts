import { Validator } from '@seriousme/openapi-schema-validator';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogue, library } from '../../test-support/library.js';
import { application } from '../definitions/application.js';
import { command } from '../definitions/command.js';
import { module } from '../definitions/module.js';
import { query } from '../definitions/query.js';
import { openapiDocument } from './openapi.js';

async function validated(document: object): Promise<any> {
  const result = await new Validator().validate(structuredClone(document) as Record<string, unknown>);
  expect(result).toEqual({ valid: true });
  return document;
}

/** Every `$ref` in a document. */
function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === '$ref' && typeof item === 'string' ? [item] : references(item),
  );
}

function expectReferencesToLead(document: any): void {
  for (const reference of references(document)) {
    const name = /^#\/components\/schemas\/(.+)$/.exec(reference)?.[1];
    expect(Object.keys(document.components.schemas)).toContain(name);
  }
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1, and every reference leads somewhere', async () => {
    const document = await validated(openapiDocument(library, { basePath: '/library', authenticates: true }));
    expect(document.openapi).toBe('3.1.0');
    expectReferencesToLead(document);
    expect(Object.keys(document.paths)).toEqual([
      '/commands/AddCopy',
      '/commands/BorrowCopy',
      '/commands/Explode',
      '/queries/Availability',
      '/queries/ListTitles',
      '/queries/Shelf',
      '/health/live',
      '/health/ready',
      '/metrics',
      '/openapi.json',
    ]);
  });

  it('tells what a command takes and with which codes it is rejected', async () => {
    const document = await validated(openapiDocument(library, { basePath: '', authenticates: false }));
    const { post } = document.paths['/commands/BorrowCopy'];
    expect(post.requestBody.content['application/json'].schema).toMatchObject({
      type: 'object',
      properties: { copyId: { type: 'string' }, memberId: { type: 'string' } },
      required: ['copyId', 'memberId'],
    });
    const rejected = post.responses[422].content['application/problem+json'].schema;
    expect(rejected.allOf[1].properties.code.enum).toEqual(['UnknownCopy', 'AlreadyOut']);
    expect(post.responses[422].description).toContain('- `AlreadyOut`: The copy is on loan');
    expect(document.paths['/commands/AddCopy'].post.responses[422]).toBeUndefined();
    expect(Object.keys(post.responses)).toEqual([
      '200',
      '400',
      '401',
      '403',
      '409',
      '413',
      '415',
      '422',
      '429',
      '500',
      '503',
    ]);
  });

  it('tells what a query takes and answers', async () => {
    const document = await validated(openapiDocument(library, { basePath: '', authenticates: false }));
    const { parameters, responses } = document.paths['/queries/ListTitles'].get;
    const own = parameters.filter((parameter: { in: string }) => parameter.in === 'query');
    expect(own.map(({ name, required }: any) => [name, required])).toEqual([
      ['limit', false],
      ['only', false],
      ['inStock', false],
    ]);
    expect(own[0].schema).toMatchObject({ type: 'integer', minimum: 1, maximum: 100, default: 10 });
    expect(responses[200].headers['Carillon-Position'].schema.type).toBe('integer');
    const availability = document.paths['/queries/Availability'].get.responses[200].content['application/json'].schema;
    expect(JSON.stringify(availability)).toContain('"available"');
  });

  it('says of a schema that does not describe itself that it does not', async () => {
    const document = await validated(openapiDocument(library, { basePath: '', authenticates: false }));
    const { schema } = document.paths['/commands/Explode'].post.requestBody.content['application/json'];
    expect(schema).toEqual({ description: expect.stringContaining('valibot') });
    expect(document.paths['/queries/Shelf'].get.parameters[0]).toMatchObject({
      name: 'params',
      style: 'form',
      explode: true,
    });
  });

  it('takes schemas that refer to themselves, share parts, or have no JSON Schema', async () => {
    const Money = z.object({ amount: z.int(), currency: z.string() }).meta({ id: 'Money' });
    const Folder = z.object({
      name: z.string(),
      get folders() {
        return z.array(Folder);
      },
    });
    const schemas = {
      Recursive: Folder,
      Nested: z.object({ folder: Folder, price: Money, rebate: Money.optional() }),
      Dated: z.object({ on: z.date() }),
      Valibot: toStandardJsonSchema(v.object({ copyId: v.pipe(v.string(), v.minLength(1)) })),
    };
    const commands = Object.entries(schemas).map(([name, data]) => command(name, { data, decide: () => undefined }));
    const Find = query('Find', {
      params: z.object({ price: Money, after: z.string().describe('Where to go on.') }),
      from: catalogue,
      run: () => 1,
    });
    const shop = application('shop', {
      modules: [
        module('shop', { commands, readModels: [catalogue], queries: [Find], events: [...library.events.values()] }),
      ],
    });
    const document = await validated(openapiDocument(shop, { basePath: '/shop', authenticates: false }));
    expectReferencesToLead(document);
    const bodyOf = (name: string) =>
      document.paths[`/commands/${name}`].post.requestBody.content['application/json'].schema;
    expect(bodyOf('Recursive').properties.folders.items.$ref).toBe('#/components/schemas/Recursive.data');
    expect(bodyOf('Nested').properties.price.$ref).toBe('#/components/schemas/Nested.data.Money');
    expect(bodyOf('Dated').description).toContain('zod');
    expect(bodyOf('Valibot').properties.copyId).toEqual({ type: 'string', minLength: 1 });
    expect(document.paths['/queries/Find'].get.parameters[1]).toMatchObject({
      name: 'after',
      description: 'Where to go on.',
      required: true,
    });
  });
});
