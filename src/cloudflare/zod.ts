/**
 * Zod for the Worker's bundle, without the texts of the languages that nothing shows: they are half
 * of zod. `wrangler.toml` puts this module in the place of the package.
 */
export * from "../../node_modules/zod/v4/classic/schemas.js";
export * from "../../node_modules/zod/v4/classic/checks.js";
export * from "../../node_modules/zod/v4/classic/errors.js";
export * from "../../node_modules/zod/v4/classic/parse.js";
export * from "../../node_modules/zod/v4/classic/compat.js";
export {
  clone,
  config,
  flattenError,
  formatError,
  globalRegistry,
  NEVER,
  prettifyError,
  registry,
  treeifyError,
  util,
} from "zod/v4/core";
export { toJSONSchema } from "../../node_modules/zod/v4/core/json-schema-processors.js";
export * as iso from "../../node_modules/zod/v4/classic/iso.js";
export * as coerce from "../../node_modules/zod/v4/classic/coerce.js";
export * as z from "./zod.ts";
