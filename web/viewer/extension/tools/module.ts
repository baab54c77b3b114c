import type { ViewerModule } from "../modules";
import { commands } from "./commands";
import { together } from "./together";

export const tools: ViewerModule = {
  name: "tools",
  commands,
  enter: (host) => {
    document.body.classList.remove("iso-no-corners");
    return together(host);
  },
};
