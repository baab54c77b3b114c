import { QueryClient } from "@tanstack/react-query";
import { whenSignedOut } from "../api/client";
import { Problem } from "../api/problem";
import { sessionQuery } from "../api/session";

/** One cache for all pages. A session that ends anywhere shows the sign-in page at once. */
export function makeQueryClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: { queries: { retry: worthRetrying, refetchOnWindowFocus: false } },
  });
  whenSignedOut(() => client.setQueryData(sessionQuery.queryKey, null));
  return client;
}

/** A refusal stays a refusal; only lost connections and server trouble are tried again. */
function worthRetrying(failures: number, error: unknown): boolean {
  const refused = error instanceof Problem && error.status < 500;
  return !refused && failures < 2;
}
