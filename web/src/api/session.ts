import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, need, setCsrfToken, type Schemas } from "./client";
import { Problem } from "./problem";

export type Session = Schemas["Session"];

/** What can be allowed, in the words of the server, which has the table of roles. */
export type Action = Schemas["Action"];

/** Who is signed in; `null` when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return remember(await need(api.GET("/api/v1/session", { signal })));
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

/**
 * Whether the one who is signed in may do this, as the server says. Pages offer nothing else;
 * the server asks again at every door.
 */
export function useMay(action: Action): boolean {
  const session = useQuery(sessionQuery);
  return session.data?.may.includes(action) === true;
}

/** What the server is and holds. */
export const systemQuery = queryOptions({
  queryKey: ["system"],
  queryFn: ({ signal }) => need(api.GET("/api/v1/system", { signal })),
  staleTime: 30_000,
});

export async function signIn(name: string, password: string): Promise<Session> {
  return remember(await need(api.POST("/api/v1/session", { body: { name, password } })));
}

export async function signOut(): Promise<void> {
  await need(api.DELETE("/api/v1/session"));
  setCsrfToken(undefined);
}

function remember(session: Session): Session {
  setCsrfToken(session.csrfToken);
  return session;
}
