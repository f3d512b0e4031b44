import assert from "node:assert/strict";
import SwaggerParser from "@apidevtools/swagger-parser";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import * as spectralCore from "@stoplight/spectral-core";
import { oas } from "@stoplight/spectral-rulesets";

const FILE = new URL("../../../docs/openapi.json", import.meta.url);
const text = await Deno.readTextFile(FILE);
/** The package is CommonJS. */
const { Spectral } = (spectralCore as unknown as { default?: typeof spectralCore }).default ??
  spectralCore;

async function redocly(source: string): Promise<string[]> {
  const config = await createConfig({ extends: ["recommended-strict"] });
  const found = await lintFromString({ source, absoluteRef: FILE.pathname, config });
  return found.map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

async function spectral(source: string): Promise<string[]> {
  const linter = new Spectral();
  linter.setRuleset({ extends: [oas as never] });
  const found = await linter.run(JSON.parse(source));
  return found.map(({ code, message, path }) => `${code}: ${message} ${path.join("/")}`);
}

async function swaggerParser(source: string): Promise<string[]> {
  try {
    await SwaggerParser.validate(JSON.parse(source));
    return [];
  } catch (error) {
    return [String(error)];
  }
}

const LINTERS = { redocly, spectral, swaggerParser };

for (const [name, lint] of Object.entries(LINTERS)) {
  Deno.test(`${name} finds nothing in docs/openapi.json, errors and warnings counted`, async () => {
    assert.deepEqual(await lint(text), []);
    const faulty = JSON.parse(text);
    delete faulty.paths["/v1/balance"].get.responses;
    faulty.info.license = {};
    assert.notDeepEqual(await lint(JSON.stringify(faulty)), [], "it finds what is wrong");
  });
}
