// Turns the message macros (`t`, `Trans`, `Plural`, …) into look-ups; everything else is left to Vite.
import { transformAsync } from "@babel/core";
import macros from "@lingui/babel-plugin-lingui-macro";
import type { Plugin } from "vite";

export function messageMacros(): Plugin {
  return {
    name: "message-macros",
    enforce: "pre",
    transform: {
      filter: { id: /\.tsx?$/, code: /@lingui\/\w+\/macro/ },
      handler: async (code, id) => {
        const done = await transformAsync(code, {
          filename: id,
          babelrc: false,
          configFile: false,
          sourceMaps: true,
          parserOpts: { plugins: id.endsWith("x") ? ["typescript", "jsx"] : ["typescript"] },
          // English stays in the page that says it: no catalog to load, and what isn't translated yet is readable.
          plugins: [[macros, { stripMessageField: false }]],
        });
        return typeof done?.code === "string" ? { code: done.code, map: done.map ?? null } : null;
      },
    },
  };
}
