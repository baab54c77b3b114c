/**
 * Where in the viewer one was when the session ended; it isn't part of this application's routes.
 * Nothing but the viewer is gone to, whatever the address says.
 */
export function backTo(search: string): string | undefined {
  const back = new URLSearchParams(search).get("back");
  return back !== null && /^\/viewer\/[\w?&=.,%-]*$/.test(back) ? back : undefined;
}
