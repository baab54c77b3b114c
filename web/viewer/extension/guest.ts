// The viewer for somebody with a token for one exam, in a frame of another page or a window of its own (ADR 45).
import { api, whenSignedOut } from "../../src/api/client";
import { standInForStorage } from "./memory";

export interface Guest {
  study: string;
  token: string;
}

/** Where it is served for guests; our own people have theirs at /viewer. */
export const EMBED = "/embed";

export const isForGuests = window.location.pathname.startsWith(`${EMBED}/`);

/** Who looks, if it is somebody with a token. The token leaves the address before anything else runs. */
export const guest: Guest | undefined = isForGuests ? arrive() : undefined;

function arrive(): Guest | undefined {
  standInForStorage();
  const { hash, pathname, search } = window.location;
  const study = new URLSearchParams(search).get("StudyInstanceUIDs") ?? "";
  const given = new URLSearchParams(hash.slice(1)).get("token");
  if (given !== null) {
    window.history.replaceState(window.history.state, "", `${pathname}${search}`);
    remember(study, given);
  }
  const token = given ?? remembered(study);
  return token === null ? undefined : { study, token };
}

function keyOf(study: string): string {
  return `isocenter.guest/${study}`;
}

/** For a reload of this tab. Browsers keep it apart for each page that has us in a frame, or not at all: then a
 * reload needs the link once more. */
function remember(study: string, token: string): void {
  window.sessionStorage.setItem(keyOf(study), token);
}

function remembered(study: string): string | null {
  return window.sessionStorage.getItem(keyOf(study));
}

const credentials = ({ token }: Guest) => ({ Authorization: `Bearer ${token}` });

/** What the viewer's services send with each request. */
export const guestAuthentication = (who: Guest) => ({ getAuthorizationHeader: () => credentials(who) });

/** What our own requests send. */
export function askAsGuest(who: Guest): void {
  api.use({
    onRequest({ request }) {
      for (const [name, value] of Object.entries(credentials(who))) request.headers.set(name, value);
      return request;
    },
  });
  whenSignedOut(linkEnded);
}

/** The address of the same exam for another window. */
export const guestAddress = ({ study, token }: Guest): string =>
  `${EMBED}/viewer?StudyInstanceUIDs=${study}#token=${token}`;

export function linkEnded(): void {
  tell("This link has ended or was taken back.", "Ask whoever gave it to you for a new one.");
}

export function linkIncomplete(): void {
  tell("This link is not whole.", "Open it as you were given it, with everything behind the #.");
}

/** Over whatever is shown; there is no sign-in page for guests. */
function tell(what: string, then: string): void {
  if (document.querySelector(".iso-guest-notice") !== null) return;
  const notice = document.createElement("div");
  notice.className = "iso-guest-notice";
  notice.setAttribute("role", "alert");
  for (const [tag, text] of [
    ["h1", what],
    ["p", then],
  ] as const) {
    const line = document.createElement(tag);
    line.textContent = text;
    notice.append(line);
  }
  document.body.append(notice);
}
