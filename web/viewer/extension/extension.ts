// Our extension, as the viewer asks for it.
import type { Host } from "./host/ohif";
import { PROTOCOLS } from "./hanging/protocols";
import { askAsGuest, guest, guestAuthentication } from "./guest";
import { askForNoPatient } from "./priors/quiet";
import { EXTENSION, MODULES, rememberHost } from "./modules";

let leaving: (() => void)[] = [];

export const extension = {
  id: EXTENSION,
  version: "1",

  preRegistration(host: Host): void {
    rememberHost(host);
    if (guest === undefined) return;
    host.servicesManager.services.userAuthenticationService.setServiceImplementation(
      guestAuthentication(guest),
    );
    askAsGuest(guest);
  },

  getPanelModule: () => MODULES.flatMap((module) => [...(module.left ?? []), ...(module.right ?? [])]),

  getHangingProtocolModule: () => PROTOCOLS.map((protocol) => ({ name: protocol.id, protocol })),

  getCommandsModule: (host: Host) => ({
    definitions: Object.assign({}, ...MODULES.map((module) => module.commands?.(host) ?? {})) as object,
    defaultContext: "CORNERSTONE",
  }),

  onModeEnter(host: Host): void {
    askForNoPatient(host);
    leaving = MODULES.map((module) => module.enter?.(host)).filter((leave) => leave !== undefined);
  },

  onModeExit(): void {
    for (const leave of leaving) leave();
    leaving = [];
  },
};
