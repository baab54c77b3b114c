// @vitest-environment node
import { expect, it } from "vitest";
import { committed, generate } from "./generate-api.mjs";

it("the types are those of openapi.json; otherwise run `npm run gen`", async () => {
  expect(await committed()).toBe(await generate());
});
