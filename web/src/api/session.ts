import { queryOptions } from "@tanstack/react-query";
import { api, need, setCsrfToken, type Schemas } from "./client";
import { Problem } from "./problem";

export type Session = Schemas["Session"];

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
