import { api, need, signedIn, type Schemas } from "../../api/client";
import { Problem } from "../../api/problem";
import { send } from "../../api/send";
import { UploadQueue, type Memory, type Outcome, type Picked, type Transport } from "./queue";

/** Above this a file is streamed from disk instead of being hashed in memory first. */
const HASHED_BELOW = 32 * 1024 * 1024;

const transport: Transport = {
  start: async () => (await need(api.POST("/api/v1/uploads", { body: {} }))).id,
  arrived: async (id) => {
    try {
      const state = await need(api.GET("/api/v1/uploads/{id}", { params: { path: { id } } }));
      return state.files.map(({ path, size, outcome }) => ({ path, size, outcome: outcome as Outcome }));
    } catch (error) {
      if (error instanceof Problem && error.status === 404) return undefined;
      throw error;
    }
  },
  put: async (id, picked, onProgress, signal) => {
    const answer = await send<Schemas["UploadOutcome"]>({
      method: "PUT",
      url: `/api/v1/uploads/${encodeURIComponent(id)}/files`,
      ...(await content(picked)),
      onProgress,
      signal,
    });
    return { outcome: answer.outcome as Outcome, reason: answer.detail ?? answer.reason ?? undefined };
  },
  finish: (id) => need(api.POST("/api/v1/uploads/{id}/finish", { params: { path: { id } } })),
  signedIn,
};

interface Content {
  body: Blob | ArrayBuffer;
  headers: Record<string, string>;
}

/**
 * The bytes, their path and, where they fit in memory, their hash: the server then knows that they
 * arrived as they were read. Paths hold names of patients, so they stay out of the address.
 */
async function content({ path, file }: Picked): Promise<Content> {
  const headers = { "X-File-Path": encodeURIComponent(path) };
  // Hashing exists only on pages that came over TLS or from this machine.
  if (file.size > HASHED_BELOW || !window.isSecureContext) return { body: file, headers };
  const body = await file.arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const hex = [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { body, headers: { ...headers, "X-Content-SHA256": hex } };
}

const memory: Memory = {
  load: () => localStorage.getItem("upload") ?? undefined,
  save: (id) => {
    if (id === undefined) localStorage.removeItem("upload");
    else localStorage.setItem("upload", id);
  },
};

/** One upload for the whole tab: it goes on while one looks at other pages. */
export const uploads = new UploadQueue(transport, memory);

window.addEventListener("beforeunload", (event) => {
  if (uploads.current().phase === "sending") event.preventDefault();
});
