import { getCsrfToken, signedOut, type Schemas } from "./client";
import { problemFrom } from "./problem";

/** Raw bodies go by XMLHttpRequest: it alone tells how much of a large file is through. */
export interface Sending {
  method: "PUT" | "POST";
  url: string;
  body: Blob | ArrayBuffer;
  headers?: Record<string, string>;
  onProgress?: (sent: number) => void;
  signal?: AbortSignal;
}

/**
 * Sends and gives the JSON answer.
 *
 * @throws {Problem} when the server refused.
 * @throws {TypeError} when there was no connection, as `fetch` does.
 */
export function send<T>(sending: Sending): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(sending.method, sending.url);
    request.responseType = "json";
    for (const [name, value] of headersOf(sending)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => sending.onProgress?.(event.loaded);
    request.onload = () => {
      if (request.status === 401) signedOut();
      if (request.status < 300) resolve(request.response as T);
      else reject(problemFrom(request.status, request.response));
    };
    request.onerror = () => reject(new TypeError("no connection"));
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    sending.signal?.addEventListener("abort", () => request.abort());
    request.send(sending.body);
  });
}

function headersOf(sending: Sending): [string, string][] {
  const token = getCsrfToken();
  return [
    ["Content-Type", "application/octet-stream"],
    ...(token === undefined ? [] : ([["X-CSRF-Token", token]] as [string, string][])),
    ...Object.entries(sending.headers ?? {}),
  ];
}

/** What a file is attached to: an exam, or the patient of an exam. */
export type Subject = "exam" | "patient-of";

export function sendAttachment(subject: Subject, id: string, file: File): Promise<Schemas["Attachment"]> {
  const query = new URLSearchParams({ subject, id });
  const headers = { "X-File-Name": encodeURIComponent(file.name) };
  return send({ method: "POST", url: `/api/v1/attachments?${query.toString()}`, body: file, headers });
}
